package main

import (
	"maps"
	"testing"
)

func TestMuteLogs(t *testing.T) {
	muted := map[string]string{"TF_LOG_PROVIDER_RUNA": "off", "TF_LOG_SDK": "off"}
	for _, tc := range []struct {
		environ []string
		want    map[string]string
	}{
		{nil, muted},
		{[]string{"PATH=/bin", "TF_LOG="}, muted},
		{[]string{"TF_LOG=off"}, muted},
		{[]string{"TF_LOG=OFF"}, muted},
		{[]string{"TF_LOG_CORE=TRACE", "TF_LOG_PATH=/tmp/log"}, muted},
		{[]string{"TF_LOG=INFO"}, nil},
		{[]string{"TF_LOG=JSON"}, nil},
		{[]string{"TF_LOG=off", "TF_LOG_PROVIDER=DEBUG"}, nil},
		{[]string{"TF_LOG_PROVIDER_RUNA=WARN"}, nil},
		{[]string{"TF_LOG_SDK=INFO"}, nil},
		{[]string{"TF_LOG_SDK_FRAMEWORK=TRACE"}, nil},
		{[]string{"TF_LOG_SDK_PROTO=TRACE"}, nil},
		{[]string{"TF_LOG_SDK_PROTO_DATA_DIR=/tmp/data"}, nil},
	} {
		got := map[string]string{}
		err := muteLogs(tc.environ, func(name, value string) error {
			got[name] = value
			return nil
		})
		if err != nil || !maps.Equal(got, tc.want) {
			t.Errorf("with %q: set %v (%v), want %v", tc.environ, got, err, tc.want)
		}
	}
}
