package client

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// Every field of an answer has a tag that says what an odd value in it costs, one of a
// type that Runa does not document:
//
//	read:"strict"  the object it is in: money turns on it
//	read:"shown"   only the field itself, which is then absent: it is only shown
//
// A field without a tag is strict. Where an object that is lost is itself shown, or is
// in one that is, no more than that is absent.

// fields reads an answer, and keeps the names of shown fields that were odd. The names
// hold nothing of Runa's but positions in lists.
type fields struct{ odd []string }

// oddError says which field is odd and what it should be, and never what it is: that
// may be a link.
type oddError struct {
	field string // "" for the whole answer
	want  string
}

func (e *oddError) Error() string {
	if e.field == "" {
		return "it is not " + e.want
	}
	return fmt.Sprintf("its %s is not %s", e.field, e.want)
}

// readFields decodes JSON into a struct with read tags, or into anything of such
// structs. Odd are the shown fields that were left out.
func readFields(data []byte, into any) (odd []string, err error) {
	// Nearly every answer is as documented, and then this is all.
	if json.Unmarshal(data, into) == nil {
		return nil, nil
	}
	value := reflect.ValueOf(into).Elem()
	value.SetZero()
	var f fields
	err = f.read("", data, value)
	return f.odd, err
}

func (f *fields) read(at string, data json.RawMessage, value reflect.Value) error {
	if _, custom := value.Addr().Interface().(json.Unmarshaler); custom {
		return f.leaf(at, data, value)
	}
	switch value.Kind() {
	case reflect.Pointer:
		if isNull(data) {
			return nil
		}
		value.Set(reflect.New(value.Type().Elem()))
		return f.read(at, data, value.Elem())
	case reflect.Struct:
		return f.object(at, data, value)
	case reflect.Slice:
		return f.list(at, data, value)
	case reflect.Map:
		return f.table(at, data, value)
	default:
		return f.leaf(at, data, value)
	}
}

func (f *fields) object(at string, data json.RawMessage, value reflect.Value) error {
	var members map[string]json.RawMessage
	if json.Unmarshal(data, &members) != nil {
		return &oddError{at, "an object"}
	}
	for i := range value.NumField() {
		field := value.Type().Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		member, given := members[name]
		if name == "-" || !given {
			continue
		}
		known := len(f.odd)
		err := f.read(join(at, name), member, value.Field(i))
		if err == nil {
			continue
		}
		if field.Tag.Get("read") != "shown" {
			return err
		}
		value.Field(i).SetZero()
		f.odd = append(f.odd[:known], join(at, name))
	}
	return nil
}

func (f *fields) list(at string, data json.RawMessage, value reflect.Value) error {
	var members []json.RawMessage
	if json.Unmarshal(data, &members) != nil {
		return &oddError{at, "a list"}
	}
	if members == nil {
		return nil
	}
	value.Set(reflect.MakeSlice(value.Type(), len(members), len(members)))
	for i, member := range members {
		if err := f.read(fmt.Sprintf("%s[%d]", at, i), member, value.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

// table reads an object whose names are data. They are not shown: a name may be
// anything.
func (f *fields) table(at string, data json.RawMessage, value reflect.Value) error {
	var members map[string]json.RawMessage
	if json.Unmarshal(data, &members) != nil {
		return &oddError{at, "an object"}
	}
	if members == nil {
		return nil
	}
	value.Set(reflect.MakeMapWithSize(value.Type(), len(members)))
	for name, member := range members {
		element := reflect.New(value.Type().Elem()).Elem()
		if err := f.read(join(at, "*"), member, element); err != nil {
			return err
		}
		value.SetMapIndex(reflect.ValueOf(name), element)
	}
	return nil
}

func (f *fields) leaf(at string, data json.RawMessage, value reflect.Value) error {
	if json.Unmarshal(data, value.Addr().Interface()) != nil {
		return &oddError{at, wanted(value)}
	}
	return nil
}

// wanted names what a field should be.
func wanted(value reflect.Value) string {
	switch value.Interface().(type) {
	case Amount:
		return "an amount"
	case Codes:
		return "a list of codes"
	case Texts:
		return "an object"
	}
	switch value.Kind() {
	case reflect.String:
		return "text"
	case reflect.Bool:
		return "true or false"
	case reflect.Int64:
		return "a whole number"
	default:
		return "of the type that Runa documents"
	}
}

func join(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}
