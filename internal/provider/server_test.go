package provider

import (
	"context"
	"errors"
	"reflect"
	"runtime"
	"slices"
	"testing"
	"weak"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// fewTimes are the calls that a run makes a few times, however much it declares.
var fewTimes = []string{
	"ConfigureProvider", "GetFunctions", "GetMetadata", "GetProviderSchema", "GetResourceIdentitySchemas",
	"ListResource", "RenewEphemeralResource", "StopProvider", "ValidateListResourceConfig", "ValidateProviderConfig",
}

// TestServerForgetsCalls: a run of thousands of orders makes tens of thousands of calls,
// and each has a context that holds loggers.
func TestServerForgetsCalls(t *testing.T) {
	t.Parallel()
	served := reflect.TypeFor[protocol]()
	for i := range served.NumMethod() {
		name := served.Method(i).Name
		if slices.Contains(fewTimes, name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := NewServer("test")()
			held := callEmpty(server, name)
			runtime.GC()
			if held.Value() != nil {
				t.Errorf("after %s the server holds the call's context, want it let go", name)
			}
			runtime.KeepAlive(server)
		})
	}
}

// callEmpty calls with an empty request, and gives what shows whether the call's context
// is still held.
func callEmpty(server tfprotov6.ProviderServer, name string) weak.Pointer[[64]byte] {
	type key struct{}
	logger := new([64]byte)
	method := reflect.ValueOf(server).MethodByName(name)
	ctx := context.WithValue(context.Background(), key{}, logger)
	method.Call([]reflect.Value{reflect.ValueOf(ctx), reflect.New(method.Type().In(1).Elem())})
	return weak.Make(logger)
}

// TestBriefContext: it is its parent until it ends, and then it is over, for those too who
// took it before.
func TestBriefContext(t *testing.T) {
	t.Parallel()
	type key struct{}
	parent, cancel := context.WithCancel(context.WithValue(context.Background(), key{}, "value"))
	brief := newBriefContext(parent)
	child, stop := context.WithCancel(brief)
	defer stop()
	if got := child.Value(key{}); got != "value" || child.Err() != nil {
		t.Errorf("before its end: value %v, error %v, want the parent's value and no error", got, child.Err())
	}
	cancel()
	<-child.Done()
	if !errors.Is(brief.Err(), context.Canceled) || !errors.Is(child.Err(), context.Canceled) {
		t.Errorf("the parent was cancelled: errors %v and %v, want %v", brief.Err(), child.Err(), context.Canceled)
	}

	brief = newBriefContext(context.WithValue(context.Background(), key{}, "value"))
	child = context.WithValue(brief, struct{ key }{}, "own")
	brief.end()
	<-child.Done()
	if got := child.Value(key{}); got != nil || !errors.Is(child.Err(), context.Canceled) {
		t.Errorf("after its end: value %v, error %v, want none and %v", got, child.Err(), context.Canceled)
	}
	if got := child.Value(struct{ key }{}); got != "own" {
		t.Errorf("after its end: a child's own value is %v, want it kept", got)
	}
}
