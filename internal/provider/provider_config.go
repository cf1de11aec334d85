package provider

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/shopspring/decimal"
	"golang.org/x/net/http/httpguts"

	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/input"
	"github.com/runa-community/terraform-provider-runa/internal/purchase"
)

const (
	production = "production"
	playground = "playground"

	refreshAll        = "all"
	refreshUnfinished = "unfinished"

	minRequestTimeout = time.Second
)

var providerSchema = schema.Schema{
	MarkdownDescription: "Buys and delivers rewards (gift cards, prepaid cards, payouts) with the [Runa](https://runa.io) Payouts API. " +
		"One declared reward is bought exactly once, whatever breaks.",
	Attributes: map[string]schema.Attribute{
		"api_key": schema.StringAttribute{
			MarkdownDescription: "API key, made in Runa's portal. Production keys begin with `wg`, playground keys with `XX`. " +
				"Required here or as `RUNA_API_KEY`, which is better.",
			Optional: true, Sensitive: true,
		},
		"environment": schema.StringAttribute{
			MarkdownDescription: "`production` (real money) or `playground` (free, for trying out). " +
				"Also `RUNA_ENVIRONMENT`. Default: derived from the API key.",
			Optional:   true,
			Validators: []validator.String{stringvalidator.OneOf(production, playground)},
		},
		"base_url": schema.StringAttribute{
			MarkdownDescription: "Root of the API with its path, for a local sandbox or a proxy, such as `http://127.0.0.1:8484/v2`. " +
				"Plain http is accepted on loopback addresses only. Redirects are never followed. " +
				"Also `RUNA_BASE_URL`. Default: the environment's own.",
			Optional: true,
		},
		"api_version": schema.StringAttribute{
			MarkdownDescription: "Dated version of the API. Default: `" + client.DefaultAPIVersion + "`, the one this provider was written for.",
			Optional:            true,
			Validators:          []validator.String{stringvalidator.RegexMatches(regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`), "must be a date such as "+client.DefaultAPIVersion)},
		},
		"request_timeout": schema.StringAttribute{
			MarkdownDescription: "Longest time one request may take, at least `1s`, such as `30s`. Default: `60s`. " +
				"The time a whole order may take is set on the order (`timeouts`).",
			Optional: true, CustomType: timetypes.GoDurationType{},
		},
		"orders_per_minute": schema.NumberAttribute{
			MarkdownDescription: "Most orders to submit in a minute, at least 1. Runa refuses more than 300 for an account: " +
				"set it lower where others place orders with the same account. Default: `300`.",
			Optional:   true,
			Validators: []validator.Number{wholeNumberValidator{}},
		},
		"headers": schema.MapAttribute{
			MarkdownDescription: "Further headers for every request, such as the playground's `X-Send-Email` and `X-Trigger-Error`, or a gateway's token. " +
				"The headers this provider sets itself cannot be replaced. Their values are treated as secrets: no message and no log shows them. " +
				"But Terraform and OpenTofu keep literals and variables in plan files: take secrets from an ephemeral variable (Terraform 1.10, OpenTofu 1.11) or from a file. Default: none.",
			ElementType: types.StringType, Optional: true, Sensitive: true,
		},
		"tag_orders": schema.BoolAttribute{
			MarkdownDescription: "Whether each order carries its idempotency key in Runa's `metadata`, as `" + purchase.TagName + "` (with `" + purchase.AttemptTagName + "` from the second attempt on), so that it can be found again " +
				"after a lost answer. Recipients never see it. Default: `true`.",
			Optional: true,
		},
		"store_payout_links": schema.BoolAttribute{
			MarkdownDescription: "Whether the state holds the links that redeem the rewards (`payout_links`). Applies to every order that does not set it, to imports and to the data source `runa_order`. " +
				"Whoever has a link has the money. With `false`, read the links when you need them with the ephemeral resource `runa_payouts`; the next apply removes links from the state. Default: `true`.",
			Optional: true,
		},
		"refresh": schema.StringAttribute{
			MarkdownDescription: "Which orders a plan reads again from Runa: `all`, or `unfinished`, which skips orders that are finished and whose links are all claimed, cancelled or expired. " +
				"With `unfinished`, a plan does not notice if Runa changes such an order later, or if the API key belongs to another account, and does not bring back links that the state gave up. `terraform plan -refresh=false` reads no order at all. Default: `all`.",
			Optional:   true,
			Validators: []validator.String{stringvalidator.OneOf(refreshAll, refreshUnfinished)},
		},
		"validate_catalog": schema.BoolAttribute{
			MarkdownDescription: "Whether a plan checks the orders it would buy against Runa's catalogue: whether the products exist and can be ordered, for this face value, together, and in this currency. Default: `true`.",
			Optional:            true,
		},
		"spend_limit": schema.MapAttribute{
			MarkdownDescription: "Most that one run may spend, by the currency paid in, such as `{ USD = 5000 }`: the sum of face values, or for an exchange Runa's quote. " +
				"A plan fails if it exceeds the limit, and an apply stops before the order that would exceed it. A limit has at most as many decimals as its currency. Currencies without an entry are not limited. Default: no limit.",
			ElementType: types.NumberType, Optional: true,
		},
		"require_balance": schema.BoolAttribute{
			MarkdownDescription: "Whether a plan that costs more than the account's balance fails, instead of a warning. Production only: the playground has no limit. Default: `false`.",
			Optional:            true,
		},
	},
}

type providerModel struct {
	APIKey          types.String         `tfsdk:"api_key"`
	Environment     types.String         `tfsdk:"environment"`
	BaseURL         types.String         `tfsdk:"base_url"`
	APIVersion      types.String         `tfsdk:"api_version"`
	RequestTimeout  timetypes.GoDuration `tfsdk:"request_timeout"`
	OrdersPerMinute types.Number         `tfsdk:"orders_per_minute"`
	Headers         types.Map            `tfsdk:"headers"`
	TagOrders       types.Bool           `tfsdk:"tag_orders"`
	StoreLinks      types.Bool           `tfsdk:"store_payout_links"`
	Refresh         types.String         `tfsdk:"refresh"`
	ValidateCatalog types.Bool           `tfsdk:"validate_catalog"`
	SpendLimit      types.Map            `tfsdk:"spend_limit"`
	RequireBalance  types.Bool           `tfsdk:"require_balance"`
}

// settings is the configuration once environment variables and defaults are in.
type settings struct {
	apiKey          string
	baseURL         string
	apiVersion      string
	requestTimeout  time.Duration
	ordersPerMinute int
	headers         map[string]string
	tagOrders       bool
	environment     string // "" where nobody says
	storeLinks      bool
	readOnce        bool // final orders are not read again
	validateCatalog bool
	spendLimit      map[string]decimal.Decimal
	requireBalance  bool
}

// settings reports every mistake it finds. Known is false where a value is not
// known until apply.
func (m providerModel) settings(ctx context.Context, getenv func(string) string) (set settings, known bool, diags diag.Diagnostics) {
	if m.APIKey.IsUnknown() || m.Environment.IsUnknown() || m.BaseURL.IsUnknown() || m.APIVersion.IsUnknown() ||
		m.RequestTimeout.IsUnknown() || m.OrdersPerMinute.IsUnknown() || !fullyKnown(ctx, m.Headers) || m.TagOrders.IsUnknown() ||
		m.StoreLinks.IsUnknown() || m.Refresh.IsUnknown() || m.ValidateCatalog.IsUnknown() || !fullyKnown(ctx, m.SpendLimit) || m.RequireBalance.IsUnknown() {
		return set, false, nil
	}
	from := func(value types.String, attribute string) string {
		text, more := fromBlockOr(getenv, value, attribute)
		diags.Append(more...)
		return text
	}
	set = settings{
		apiKey:          from(m.APIKey, "api_key"),
		baseURL:         from(m.BaseURL, "base_url"),
		apiVersion:      m.APIVersion.ValueString(),
		ordersPerMinute: purchase.DefaultOrdersPerMinute,
		tagOrders:       m.TagOrders.IsNull() || m.TagOrders.ValueBool(),
		storeLinks:      m.StoreLinks.IsNull() || m.StoreLinks.ValueBool(),
		readOnce:        m.Refresh.ValueString() == refreshUnfinished,
		validateCatalog: m.ValidateCatalog.IsNull() || m.ValidateCatalog.ValueBool(),
		requireBalance:  m.RequireBalance.ValueBool(),
	}
	if !m.OrdersPerMinute.IsNull() {
		set.ordersPerMinute = int(count(m.OrdersPerMinute))
	}
	environment := from(m.Environment, "environment")
	if !diags.HasError() {
		diags.Append(set.checkKey()...)
		diags.Append(set.chooseURL(environment)...)
	}
	diags.Append(set.checkVersion()...)
	diags.Append(set.readTimeout(m.RequestTimeout)...)
	diags.Append(set.readHeaders(ctx, m.Headers)...)
	diags.Append(set.readLimits(ctx, m.SpendLimit)...)
	return set, true, diags
}

// variables are the environment variables that stand in for attributes.
var variables = map[string]string{"api_key": "RUNA_API_KEY", "base_url": "RUNA_BASE_URL", "environment": "RUNA_ENVIRONMENT"}

// fromBlockOr takes an attribute from the provider block or else from its variable. What was
// copied along with it would make a wrong key, or a call to nowhere.
func fromBlockOr(getenv func(string) string, value types.String, attribute string) (text string, diags diag.Diagnostics) {
	text, name := value.ValueString(), attribute
	if value.IsNull() {
		name = variables[attribute]
		text = getenv(name)
	}
	if flaw := input.Setting(text); flaw != "" {
		diags.AddAttributeError(path.Root(attribute), "Malformed "+name,
			fmt.Sprintf("%s %s, perhaps copied along with it. Remove it. Nothing was sent. The value is not shown here because it may be a secret.", name, flaw))
	}
	return text, diags
}

func (s *settings) checkKey() (diags diag.Diagnostics) {
	if s.apiKey == "" {
		diags.AddAttributeError(path.Root("api_key"), "No API key",
			"Set RUNA_API_KEY, or api_key in the provider block. API keys are made in Runa's portal; the local sandbox prints its own when it starts.")
	}
	return diags
}

// chooseURL settles where to call. A key is never sent to the other environment.
func (s *settings) chooseURL(environment string) (diags diag.Diagnostics) {
	of := keyEnvironment(s.apiKey)
	if environment != "" && environment != production && environment != playground {
		diags.AddAttributeError(path.Root("environment"), "Unknown environment",
			fmt.Sprintf("RUNA_ENVIRONMENT is %q. It must be %q or %q.", environment, production, playground))
		return diags
	}
	s.environment = cmp.Or(environment, of)
	if s.baseURL != "" {
		return s.checkURL(environment, of)
	}
	switch {
	case environment == "" && of == "" && s.apiKey != "":
		diags.AddAttributeError(path.Root("environment"), "Which environment?",
			"The API key begins neither with wg (production) nor with XX (playground). Set environment to say which one it is for.")
	case environment == "":
		environment = of
	case of != "" && of != environment:
		diags.AddAttributeError(path.Root("api_key"), "The API key belongs to the other environment",
			fmt.Sprintf("This is a %s API key, but environment is %s. Nothing was sent. Use a %s API key, or change environment.", of, environment, environment))
	}
	s.baseURL = map[string]string{production: client.ProductionURL, playground: client.PlaygroundURL}[environment]
	return diags
}

func (s *settings) checkURL(environment, of string) (diags diag.Diagnostics) {
	at := path.Root("base_url")
	if _, err := client.New(client.Config{BaseURL: s.baseURL}); err != nil {
		detail := fmt.Sprintf("base_url (or RUNA_BASE_URL) cannot be used: %v.", err)
		if errors.Is(err, client.ErrInsecureURL) {
			detail += " Use https, because otherwise the API key would be sent unencrypted."
		}
		diags.AddAttributeError(at, "Malformed base URL", detail)
		return diags
	}
	host := hostEnvironment(s.baseURL)
	if host == "" {
		// A sandbox or a proxy may take whatever key it likes.
		if environment != "" && of != "" && environment != of {
			diags.AddAttributeWarning(path.Root("environment"), "The API key belongs to the other environment",
				fmt.Sprintf("This is a %s API key, and environment (or RUNA_ENVIRONMENT) says %s. base_url is not Runa's own host, so what answers there decides whether it takes the API key. "+
					"The provider treats it as %s: only production has balances and estimates.\n\nNext: use a %s API key, or change environment. If what answers at base_url takes this API key, do nothing.", of, environment, environment, environment))
		}
		return diags
	}
	if environment != "" && environment != host {
		diags.AddAttributeError(at, "Two environments at once",
			fmt.Sprintf("base_url is Runa's %s host, and environment says %s. Nothing was sent. Remove one of the two.", host, environment))
	}
	if of != "" && of != host {
		diags.AddAttributeError(path.Root("api_key"), "The API key belongs to the other environment",
			fmt.Sprintf("This is a %s API key, but base_url is Runa's %s host. Nothing was sent.", of, host))
	}
	return diags
}

// The versions of the API, and when those that are gone went (LOG).
var (
	liveVersions    = []string{client.DefaultAPIVersion, "2026-09-08"}
	retiredVersions = map[string]string{"2023-01-16": "31 January 2025", "2023-07-27": "14 November 2025"}
)

func (s *settings) checkVersion() (diags diag.Diagnostics) {
	at, choice := path.Root("api_version"), "Versions known to this provider: "+strings.Join(liveVersions, ", ")+"."
	switch ended, retired := retiredVersions[s.apiVersion]; {
	case retired:
		diags.AddAttributeError(at, "Retired API version", fmt.Sprintf("Runa ended version %s on %s. Nothing was sent. %s", s.apiVersion, ended, choice))
	case s.apiVersion != "" && !slices.Contains(liveVersions, s.apiVersion):
		diags.AddAttributeWarning(at, "Unknown API version", fmt.Sprintf("This provider does not know version %s, and was not tested with it. %s", s.apiVersion, choice))
	}
	return diags
}

func (s *settings) readTimeout(value timetypes.GoDuration) (diags diag.Diagnostics) {
	s.requestTimeout = client.DefaultRequestTimeout
	if value.IsNull() {
		return nil
	}
	s.requestTimeout, diags = value.ValueGoDuration()
	if !diags.HasError() && s.requestTimeout < minRequestTimeout {
		diags.AddAttributeError(path.Root("request_timeout"), "Request timeout too short",
			fmt.Sprintf("%s is less than %s. An answer cut off by an early timeout leaves an order unconfirmed.", s.requestTimeout, minRequestTimeout))
	}
	return diags
}

// ownHeaders are set by the client for every request or order.
var ownHeaders = map[string]string{
	"X-Api-Key":         "set api_key instead",
	"X-Api-Version":     "set api_version instead",
	"X-Idempotency-Key": "set idempotency_key on the order instead",
	"X-Execution-Mode":  "set execution_mode on the order instead",
	"User-Agent":        "it is set by the provider",
	"Accept":            "it is set by the provider",
	"Accept-Encoding":   "it is set by the provider",
	"Content-Type":      "it is set by the provider",
	"Content-Length":    "it is set by the provider",
	"Transfer-Encoding": "it is set by the provider",
	"Connection":        "it is set by the provider",
	"Host":              "set base_url instead",
}

func (s *settings) readHeaders(ctx context.Context, headers types.Map) (diags diag.Diagnostics) {
	var values map[string]types.String
	diags = headers.ElementsAs(ctx, &values, false)
	if len(values) > 0 {
		s.headers = make(map[string]string, len(values))
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		value := values[name]
		at, canonical := path.Root("headers").AtMapKey(name), http.CanonicalHeaderKey(name)
		_, twice := s.headers[canonical]
		s.headers[canonical] = value.ValueString()
		if twice {
			diags.AddAttributeError(at, "Header set twice", "Upper and lower case do not matter in a header's name, so two entries of the map are the same header.")
		} else if value.IsNull() {
			diags.AddAttributeError(at, "Header without a value", "This header is null. Leave it out of the map, or give it a value.")
		} else if instead, own := ownHeaders[canonical]; own {
			diags.AddAttributeError(at, "Header cannot be set", name+" is not for headers: "+instead+".")
		} else if !httpguts.ValidHeaderFieldName(name) || !httpguts.ValidHeaderFieldValue(value.ValueString()) {
			diags.AddAttributeError(at, "Malformed header", "A header's name is letters, digits and dashes, and its value is one line of text.")
		} else if flaw := input.Text(value.ValueString()); flaw != "" {
			diags.AddAttributeError(at, "Malformed header", "The value of this header "+flaw+". Remove it. The value is not shown here because it may be a secret.")
		}
	}
	return diags
}

func (s *settings) readLimits(ctx context.Context, limits types.Map) (diags diag.Diagnostics) {
	var numbers map[string]types.Number
	diags = limits.ElementsAs(ctx, &numbers, false)
	s.spendLimit = map[string]decimal.Decimal{}
	for currency, number := range numbers {
		at := path.Root("spend_limit").AtMapKey(currency)
		if !currencyPattern.MatchString(currency) {
			diags.AddAttributeError(at, "Not a currency", fmt.Sprintf("%q must be three capital letters (ISO 4217), such as USD.", currency))
			continue
		}
		if number.IsNull() || number.ValueBigFloat().Sign() < 0 {
			diags.AddAttributeError(at, "Not a limit", "The most to spend must be a number, 0 or more. Leave a currency out of the map to not limit it.")
			continue
		}
		decimals := input.Decimals(currency)
		limit, flaw := input.Amount(number.ValueBigFloat(), decimals)
		if flaw != "" {
			diags.AddAttributeError(at, "Not a limit", fmt.Sprintf("The most to spend must be an amount of %s, with at most %d decimals, and it %s.", currency, decimals, flaw))
		}
		s.spendLimit[currency] = limit
	}
	return diags
}

// endpoint names the environment and its address, for messages.
func (s *settings) endpoint() string {
	if host := hostEnvironment(s.baseURL); host != "" {
		return fmt.Sprintf("Runa's %s (%s)", host, s.baseURL)
	}
	return s.baseURL
}

// keyEnvironment tells a key's environment from its first letters (AUTH), "" if unknown.
func keyEnvironment(key string) string {
	switch {
	case strings.HasPrefix(key, "wg"):
		return production
	case strings.HasPrefix(strings.ToUpper(key), "XX"):
		return playground
	default:
		return ""
	}
}

// hostEnvironment tells which of Runa's own hosts an address is, "" if none.
func hostEnvironment(address string) string {
	host := func(text string) string {
		if u, err := url.Parse(text); err == nil {
			return strings.ToLower(u.Hostname())
		}
		return ""
	}
	switch host(address) {
	case host(client.ProductionURL):
		return production
	case host(client.PlaygroundURL):
		return playground
	default:
		return ""
	}
}
