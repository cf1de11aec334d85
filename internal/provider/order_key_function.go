package provider

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"github.com/hashicorp/terraform-plugin-framework/function"
)

// orderKeyNamespace is the namespace of every order key: the UUIDv5 of this
// function's address in our repository. It must never change:
// the same reward would get another key, and be bought again.
const orderKeyNamespace = "8a88d31b-36b6-5232-a8dd-910c8362b75e"

type orderKeyFunction struct{}

func newOrderKeyFunction() function.Function { return orderKeyFunction{} }

func (orderKeyFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "order_key"
}

func (orderKeyFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Idempotency key of one reward, made from what identifies it",
		MarkdownDescription: "Returns the `idempotency_key` of one reward as a UUID: always the same for the same parts in the same order, and different for any other parts " +
			"(`(\"ab\", \"c\")` and `(\"a\", \"bc\")` differ). The parts cannot be read from it.\n\n" +
			"Use what never changes, such as the campaign and the winner's id, and what distinguishes two rewards of one winner.\n\n" +
			"For CLIs without provider functions (before Terraform 1.8 and OpenTofu 1.7), " +
			"`uuidv5(\"" + orderKeyNamespace + "\", jsonencode([\"spring-26\", \"w-001\"]))` is the same idempotency key as `provider::runa::order_key(\"spring-26\", \"w-001\")`.",
		VariadicParameter: function.StringParameter{
			Name:                "parts",
			MarkdownDescription: "At least one part; none may be empty.",
		},
		Return: function.StringReturn{},
	}
}

func (orderKeyFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var parts []string
	if resp.Error = req.Arguments.Get(ctx, &parts); resp.Error != nil {
		return
	}
	if len(parts) == 0 {
		resp.Error = function.NewFuncError("name at least one part: without any, all rewards would share one idempotency key")
		return
	}
	for i, part := range parts {
		if part == "" {
			resp.Error = function.NewArgumentFuncError(int64(i), fmt.Sprintf("part %d is empty, so different rewards could share one idempotency key", i+1))
			return
		}
	}
	key, err := orderKey(parts)
	if err != nil {
		resp.Error = function.NewFuncError(err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, key)
}

// orderKey hashes the parts' JSON, in which no two lists look alike.
func orderKey(parts []string) (string, error) {
	list, err := json.Marshal(parts)
	if err != nil {
		return "", err
	}
	return uuid.NewSHA1(uuid.MustParse(orderKeyNamespace), list).String(), nil
}
