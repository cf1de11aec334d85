package campaign

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/input"
)

// The kinds of problems that a list alone shows.
const (
	KindList      = "The list of rewards cannot be read"
	KindShape     = "Rewards cannot be read"
	KindID        = "Rewards without a usable id"
	KindDuplicate = "Rewards with the same id"
	KindField     = "Rewards with missing or wrong fields"
	KindValue     = "Rewards with a wrong face value"
)

// Parse reads a list of rewards: a JSON array of objects, as jsonencode writes it. With
// problems, the rewards are those that could be read.
func Parse(text string) (rewards []Reward, problems []Problem) {
	whole := func(format string, args ...any) ([]Reward, []Problem) {
		return nil, []Problem{{Kind: KindList, Text: fmt.Sprintf(format, args...)}}
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	if token, err := decoder.Token(); err != nil || token != json.Delim('[') {
		return whole("It must be a JSON array of objects, one for each reward, as jsonencode([for row in …: {…}]) writes it.")
	}
	rows := map[string]int{}
	for row := 1; decoder.More(); row++ {
		var raw json.RawMessage
		if err := decoder.Decode(&raw); err != nil {
			return whole("It is not valid JSON after row %d. Write it with jsonencode.", row-1)
		}
		reward, found := parse(raw)
		for _, problem := range found {
			problem.Row = row
			problems = append(problems, problem)
		}
		if first := rows[reward.ID]; reward.ID != "" && first > 0 {
			problems = append(problems, Problem{Row: row, ID: reward.ID, Kind: KindDuplicate, Text: fmt.Sprintf("row %d has the same id", first)})
		} else if reward.ID != "" {
			rows[reward.ID] = row
		}
		rewards = append(rewards, reward)
	}
	if _, err := decoder.Token(); err != nil {
		return whole("It is not valid JSON at its end. Write it with jsonencode.")
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return whole("Something follows the JSON array.")
	}
	return rewards, problems
}

func parse(raw json.RawMessage) (reward Reward, problems []Problem) {
	var row written
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&row); err != nil {
		return Reward{}, []Problem{{ID: idOf(raw), Kind: KindShape, Text: misshapen(err)}}
	}
	add := func(kind, format string, args ...any) {
		problems = append(problems, Problem{ID: printableID(row.ID), Kind: kind, Text: fmt.Sprintf(format, args...)})
	}
	if why := wrongID(row.ID); why != "" {
		add(KindID, "%s", why)
	} else {
		reward.ID = row.ID
	}
	value, why := parseValue(row.FaceValue)
	if why != "" {
		add(KindValue, "face_value %s", why)
	}
	reward.Item.FaceValue = value
	if row.Products == nil {
		add(KindField, "products is missing")
	} else {
		reward.Item.Products = row.Products.wire()
		for _, why := range row.Products.wrong() {
			add(KindField, "products.%s", why)
		}
		if why == "" && row.Products.Type != single && !value.IsInteger() {
			add(KindValue, "face_value must be a whole number for products of type %s", row.Products.Type)
		}
	}
	if row.DistributionMethod == nil {
		add(KindField, "distribution_method is missing")
	} else {
		reward.Item.DistributionMethod = client.DistributionMethod(*row.DistributionMethod)
		for _, why := range row.DistributionMethod.wrong() {
			add(KindField, "distribution_method.%s", why)
		}
	}
	return reward, problems
}

// idOf is the id of a row that cannot be read as a whole, for messages.
func idOf(raw json.RawMessage) string {
	var least struct {
		ID string `json:"id"`
	}
	_ = json.Unmarshal(raw, &least) // "" is the answer to an error, too
	return printableID(least.ID)
}

// misshapen words a decoder's error without the value that it is about.
func misshapen(err error) string {
	var typed *json.UnmarshalTypeError
	switch {
	case errors.As(err, &typed) && typed.Field == "":
		return "is not an object with id, face_value, products and distribution_method"
	case errors.As(err, &typed):
		return fmt.Sprintf("%s is of the wrong type: a JSON %s", typed.Field, firstWord(typed.Value))
	case strings.HasPrefix(err.Error(), "json: unknown field "):
		name := strings.Trim(strings.TrimPrefix(err.Error(), "json: unknown field "), `"`)
		if !isWord.MatchString(name) {
			return "has an unknown field"
		}
		return fmt.Sprintf("a reward has no field %q. It has id, face_value, products and distribution_method, with the fields of an order's item", name)
	default:
		return "is not valid JSON"
	}
}

var isWord = regexp.MustCompile(`^[A-Za-z0-9_ -]{1,40}$`)

// firstWord leaves out the value that follows a JSON type's name.
func firstWord(text string) string {
	word, _, _ := strings.Cut(text, " ")
	return word
}

// mostID is how long an id can be: three of them fit into one value of metadata.
const mostID = 64

var isID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._@:+/-]*$`)

// wrongID says what is wrong with an id, "" where nothing is. An id has no comma or
// blank, because orders list them.
func wrongID(id string) string {
	switch {
	case id == "":
		return "id is missing or empty. It permanently names the reward in this campaign"
	case len(id) > mostID:
		return fmt.Sprintf("id has %d characters, and can have at most %d", len(id), mostID)
	}
	if flaw := input.Word(id); flaw != "" {
		return "id " + flaw
	}
	if !isID.MatchString(id) {
		return "id must begin with a letter or digit, and hold only letters and digits without accents, and . _ @ : + / -"
	}
	return ""
}

// printableID is an id as a message can show it, "" where it cannot.
func printableID(id string) string {
	if wrongID(id) != "" {
		return ""
	}
	return id
}

var isAmount = regexp.MustCompile(`^[0-9]{1,12}(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?$`)

// parseValue reads a number, or the text of a CSV file.
func parseValue(raw json.RawMessage) (value decimal.Decimal, wrong string) {
	text := string(raw)
	if text == "" || text == "null" {
		return value, "is missing"
	}
	if raw[0] == '"' {
		if err := json.Unmarshal(raw, &text); err != nil {
			return value, "is not a number"
		}
		text = strings.TrimSpace(text)
	}
	if !isAmount.MatchString(text) {
		return value, "must be a number such as 25 or \"12.50\", with a point for the decimals and no currency sign"
	}
	value, err := decimal.NewFromString(text)
	switch {
	case err != nil:
		return value, "is not a number"
	case value.GreaterThanOrEqual(tooLarge):
		return value, "is far too large"
	case value.LessThan(leastValue):
		return value, "must be at least 0.01"
	case !value.Equal(value.Round(2)):
		return value, "must have at most two decimals. Round it"
	}
	return value.Round(2), ""
}

var (
	// leastValue is the smallest face value (SPEC, POST /order).
	leastValue = decimal.New(1, -2)
	// tooLarge is more than any twelve digits say: an exponent can say it in four bytes.
	tooLarge = decimal.New(1, 12)
)
