package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/runa-community/terraform-provider-runa/internal/purchase"
)

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
			"`uuidv5(\"" + purchase.OrderKeyNamespace + "\", jsonencode([\"spring-26\", \"w-001\"]))` is the same idempotency key as `provider::runa::order_key(\"spring-26\", \"w-001\")`.",
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
	key, err := purchase.OrderKey(parts)
	if err != nil {
		resp.Error = function.NewFuncError(err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, key)
}
