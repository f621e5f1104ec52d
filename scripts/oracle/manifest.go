package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"
)

// kubectl's buffer for finding out whether a stream is JSON (cli-runtime, resource.StreamVisitor).
const sniffedBytes = 4096

// answersTo reads a manifest like `kubectl create --validate=strict` and decides each object in it.
func answersTo(text []byte) []answer {
	answers := repeatedKeys(text)
	stream := utilyaml.NewYAMLOrJSONDecoder(bytes.NewReader(text), sniffedBytes)
	for {
		part := runtime.RawExtension{}
		err := stream.Decode(&part)
		if errors.Is(err, io.EOF) {
			return answers
		}
		if err != nil {
			return append(answers, rejected("", reason{Type: "Syntax", Detail: err.Error()}))
		}
		if body := bytes.TrimSpace(part.Raw); len(body) != 0 && string(body) != "null" {
			answers = append(answers, answersToJSON(body)...)
		}
	}
}

// repeatedKeys reports keys that occur twice in one mapping. kubectl itself lets the last one win, but a server that is sent
// YAML rejects them. A merge key repeats keys on purpose.
func repeatedKeys(text []byte) (answers []answer) {
	documents := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(text)))
	for {
		document, err := documents.Read()
		if err != nil {
			return answers
		}
		if bytes.Contains(document, []byte("<<:")) {
			continue
		}
		_, err = yaml.YAMLToJSONStrict(document)
		if err != nil && strings.Contains(err.Error(), "already set in map") {
			answers = append(answers, rejected("", reason{Type: "DuplicateKey", Detail: err.Error()}))
		}
	}
}

// answersToJSON decides one object, or the items of a List, to any depth.
func answersToJSON(body []byte) []answer {
	decoded, _, err := unstructured.UnstructuredJSONScheme.Decode(body, nil, nil)
	if err != nil {
		return []answer{rejected("", reason{Type: "Decode", Detail: err.Error()})}
	}
	switch object := decoded.(type) {
	case *unstructured.UnstructuredList:
		var answers []answer
		for index := range object.Items {
			item, err := object.Items[index].MarshalJSON()
			if err != nil {
				answers = append(answers, rejected(object.Items[index].GetKind(), reason{Type: "Decode", Detail: err.Error()}))
				continue
			}
			answers = append(answers, answersToJSON(item)...)
		}
		return answers
	case *unstructured.Unstructured:
		// kubectl sends what it has read, not the text that it has read.
		sent, err := object.MarshalJSON()
		if err != nil {
			return []answer{rejected(object.GetKind(), reason{Type: "Decode", Detail: err.Error()})}
		}
		return []answer{answerOrPanic(object.GroupVersionKind(), sent)}
	default:
		return []answer{rejected("", reason{Type: "Decode", Detail: "neither an object nor a list"})}
	}
}

func rejected(kind string, reasons ...reason) answer {
	return answer{Kind: kind, Verdict: reject, Errors: reasons}
}
