package provider

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// MoveState takes over an order that a general REST provider bought, for a moved block.
// A provider is not configured when Terraform asks this, so nothing can be read: the
// state gets the order's id, and the plan reads the order. See order_move_read.go.
func (r *orderResource) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{{StateMover: moveOrder}}
}

func moveOrder(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
	source, known := moveSources[req.SourceTypeName]
	if !known {
		resp.Diagnostics.Append(aboutUnknownSource(req.SourceTypeName)...)
		return
	}
	if !strings.HasSuffix(req.SourceProviderAddress, "/"+source.provider) {
		resp.Diagnostics.Append(aboutUnknownSourceProvider(req.SourceTypeName, source.provider, req.SourceProviderAddress)...)
		return
	}
	var state map[string]json.RawMessage
	if req.SourceRawState == nil || json.Unmarshal(req.SourceRawState.JSON, &state) != nil {
		resp.Diagnostics.Append(aboutUnreadableSource(req.SourceTypeName)...)
		return
	}
	if !source.isOrder(state) {
		resp.Diagnostics.Append(aboutSourceNoOrder(req.SourceTypeName)...)
		return
	}
	id := source.orderID(state)
	if id == "" {
		resp.Diagnostics.Append(aboutSourceWithoutID(req.SourceTypeName)...)
		return
	}
	moved, diags := unread(ctx)
	moved.OrderID, moved.ID = types.StringValue(id), types.StringValue(id)
	diags.Append(resp.TargetState.Set(ctx, moved)...)
	if resp.TargetIdentity != nil {
		diags.Append(resp.TargetIdentity.Set(ctx, moved.identity())...)
	}
	resp.Diagnostics.Append(diags...)
}

// moveSource is a resource of another provider that can stand for an order.
type moveSource struct {
	// provider is the last part of its address. Forks and mirrors have another first part.
	provider string
	paths    []string // attributes that hold the path of POST /order
	ids      []func(map[string]json.RawMessage) string
}

// moveSources are the resources that an order can be moved from. Their attributes are
// those of restapi 1.x to 3.x and of restful 0.x (schema versions 0 to 2).
var moveSources = map[string]moveSource{
	"restapi_object": {
		provider: "restapi",
		paths:    []string{"path", "create_path"},
		ids: []func(map[string]json.RawMessage) string{
			inText("id"), inText("object_id"), inMap("api_data"), inAnswer("api_response"), inAnswer("create_response"),
		},
	},
	"restful_resource": {
		provider: "restful",
		paths:    []string{"path"},
		ids:      []func(map[string]json.RawMessage) string{inPath("id"), inPath("read_path"), inAnswer("output")},
	},
}

// isOrder reports whether a resource was made by POST /order.
func (s moveSource) isOrder(state map[string]json.RawMessage) bool {
	for _, name := range s.paths {
		path, _, _ := strings.Cut(textIn(state[name]), "?")
		if path = strings.TrimRight(path, "/"); path == "order" || strings.HasSuffix(path, "/order") {
			return true
		}
	}
	return false
}

// orderID is the first order id there is, "" for none.
func (s moveSource) orderID(state map[string]json.RawMessage) string {
	for _, find := range s.ids {
		if id := find(state); strings.HasPrefix(id, "O-") && isOrderID.flaw(id) == "" {
			return id
		}
	}
	return ""
}

func inText(name string) func(map[string]json.RawMessage) string {
	return func(state map[string]json.RawMessage) string { return textIn(state[name]) }
}

// inPath finds what follows /order/ in a path.
func inPath(name string) func(map[string]json.RawMessage) string {
	return func(state map[string]json.RawMessage) string {
		path, _, _ := strings.Cut(textIn(state[name]), "?")
		_, id, _ := strings.Cut(path, "order/")
		return id
	}
}

// inMap finds the member id of an object.
func inMap(name string) func(map[string]json.RawMessage) string {
	return func(state map[string]json.RawMessage) string { return memberID(state[name]) }
}

// inAnswer finds the id in an answer of Runa's: JSON in a text, or the value of a
// dynamic attribute, which a state writes beside its type.
func inAnswer(name string) func(map[string]json.RawMessage) string {
	return func(state map[string]json.RawMessage) string {
		if answer := textIn(state[name]); answer != "" {
			return memberID(json.RawMessage(answer))
		}
		var dynamic struct {
			Value json.RawMessage `json:"value"`
		}
		if json.Unmarshal(state[name], &dynamic) == nil && dynamic.Value != nil {
			return memberID(dynamic.Value)
		}
		return memberID(state[name])
	}
}

func memberID(object json.RawMessage) string {
	var members map[string]json.RawMessage
	if json.Unmarshal(object, &members) != nil {
		return ""
	}
	return textIn(members["id"])
}

func textIn(value json.RawMessage) (text string) {
	if json.Unmarshal(value, &text) != nil {
		return ""
	}
	return text
}

const importInstead = "\n\nNothing was bought or changed. Next: remove the moved block, take the old resource out of the state (state rm), and import the order by its id: import ADDRESS O-…."

func aboutUnknownSource(name string) (diags diag.Diagnostics) {
	diags.AddError("An order cannot be moved from this resource type",
		"A runa_order can be moved from a restapi_object or a restful_resource. It cannot be moved from a "+name+"."+importInstead)
	return diags
}

func aboutUnknownSourceProvider(name, want, address string) (diags diag.Diagnostics) {
	diags.AddError("An order cannot be moved from this provider",
		"The "+name+" that can be moved is the one of a provider called "+want+". This one is of "+address+"."+importInstead)
	return diags
}

func aboutUnreadableSource(name string) (diags diag.Diagnostics) {
	diags.AddError("The resource to move cannot be read", "The state of the "+name+" is not a JSON object."+importInstead)
	return diags
}

func aboutSourceNoOrder(name string) (diags diag.Diagnostics) {
	diags.AddError("The resource to move is not an order",
		"The path of the "+name+" does not end with /order, where Runa's orders are placed. So it was not bought as an order."+importInstead)
	return diags
}

func aboutSourceWithoutID(name string) (diags diag.Diagnostics) {
	diags.AddError("The resource to move has no order id",
		"The state of the "+name+" does not hold Runa's id of the order, which begins with O-. Its contents are not shown here, because they may hold a link. Runa's portal shows the id."+importInstead)
	return diags
}
