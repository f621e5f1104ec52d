package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/apiserver/pkg/warning"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/apis/core"
)

// answerToCreate follows a create request from its body to the point where admission plugins and storage would come in:
// strict decoding, defaults, conversion (handlers/create.go), then the strategy of the kind (registry/generic/registry/store.go).
func answerToCreate(kind schema.GroupVersionKind, body []byte) answer {
	if !legacyscheme.Scheme.Recognizes(kind) {
		if kind.Group == "" || legacyscheme.Scheme.IsGroupRegistered(kind.Group) {
			return rejected(kind.Kind, reason{Field: "kind", Type: "NoMatch", Detail: "no matches for " + kind.String()})
		}
		return answer{Kind: kind.Kind, Verdict: unknown}
	}
	strategy, known := strategies[kind.GroupKind()]
	if !known {
		return answer{Kind: kind.Kind, Verdict: unknown}
	}
	object, reasons := decodeStrictly(kind, body)
	if object == nil {
		return rejected(kind.Kind, reasons...)
	}
	prepare(object, strategy)
	heard := &warningList{}
	if err := rest.BeforeCreate(strategy, requestContext(kind, object, strategy, heard), object); err != nil {
		reasons = append(reasons, reasonsOf(err)...)
	}
	if len(reasons) > 0 {
		return rejected(kind.Kind, reasons...)
	}
	return answer{Kind: kind.Kind, Verdict: accept, Warnings: heard.texts}
}

// answerOrPanic is answerToCreate, and no verdict where Kubernetes' code panics: a server drops the request then. In 1.36.5
// batch/validation.validateSuccessPolicyRule does so for a Job with a succeededIndexes and without completions.
func answerOrPanic(kind schema.GroupVersionKind, body []byte) (found answer) {
	defer func() {
		if cause := recover(); cause != nil {
			detail := fmt.Sprintf("panic: %v", cause)
			found = answer{Kind: kind.Kind, Verdict: unknown, Errors: []reason{{Type: "Panic", Detail: detail}}}
		}
	}()
	return answerToCreate(kind, body)
}

// decodeStrictly gives the object in the internal version with its defaults. Unknown and repeated fields are reasons beside
// an object; a value of a wrong type is a reason instead of one.
func decodeStrictly(kind schema.GroupVersionKind, body []byte) (runtime.Object, []reason) {
	media, ok := runtime.SerializerInfoForMediaType(legacyscheme.Codecs.SupportedMediaTypes(), runtime.ContentTypeJSON)
	if !ok {
		panic("the scheme has no JSON serializer")
	}
	internal := schema.GroupVersion{Group: kind.Group, Version: runtime.APIVersionInternal}
	object, _, err := legacyscheme.Codecs.DecoderToVersion(media.StrictSerializer, internal).Decode(body, &kind, nil)
	if err == nil {
		return object, nil
	}
	strict, ok := runtime.AsStrictDecodingError(err)
	if !ok {
		return nil, []reason{{Field: fieldNamedIn(err.Error()), Type: "Decode", Detail: err.Error()}}
	}
	var reasons []reason
	for _, one := range strict.Errors() {
		reasons = append(reasons, reason{Field: fieldNamedIn(one.Error()), Type: "Strict", Detail: one.Error()})
	}
	return object, reasons
}

// The two ways in which the JSON decoder names a field: of an unknown one by its path in quotes, of one with a value of a
// wrong type by the name of a Go struct before the path.
var (
	quotedField = regexp.MustCompile(`field "([^"]+)"`)
	structField = regexp.MustCompile(`Go struct field \w+\.(\S+)`)
)

func fieldNamedIn(message string) string {
	for _, pattern := range []*regexp.Regexp{quotedField, structField} {
		if match := pattern.FindStringSubmatch(message); match != nil {
			return match[1]
		}
	}
	return ""
}

// prepare does what the server does to a decoded object before the strategy sees it.
func prepare(object runtime.Object, strategy rest.RESTCreateStrategy) {
	fields, err := meta.Accessor(object)
	if err != nil {
		panic(err) // each kind of the table has metadata
	}
	fields.SetManagedFields(nil)
	rest.FillObjectMetaSystemFields(fields)
	if prefix := fields.GetGenerateName(); prefix != "" && fields.GetName() == "" {
		fields.SetName(strategy.GenerateName(prefix))
	}
	// The part of allocating addresses that needs no allocator (core/service/storage).
	if service, ok := object.(*core.Service); ok && service.Spec.ClusterIP != "" && len(service.Spec.ClusterIPs) == 0 {
		service.Spec.ClusterIPs = append(service.Spec.ClusterIPs, service.Spec.ClusterIP)
	}
}

// requestContext is that of a POST to the object's own namespace, or to `default`.
func requestContext(
	kind schema.GroupVersionKind, object runtime.Object, strategy rest.RESTCreateStrategy, heard warning.Recorder,
) context.Context {
	namespace := ""
	if strategy.NamespaceScoped() {
		namespace = "default"
		if fields, err := meta.Accessor(object); err == nil && fields.GetNamespace() != "" {
			namespace = fields.GetNamespace()
		}
	}
	plural, _ := meta.UnsafeGuessKindToResource(kind)
	info := &request.RequestInfo{
		IsResourceRequest: true,
		Verb:              "create",
		APIGroup:          kind.Group,
		APIVersion:        kind.Version,
		Resource:          plural.Resource,
		Namespace:         namespace,
	}
	ctx := request.WithRequestInfo(request.WithNamespace(context.Background(), namespace), info)
	return warning.WithWarningRecorder(ctx, heard)
}

func reasonsOf(err error) []reason {
	status := &apierrors.StatusError{}
	if !errors.As(err, &status) || status.ErrStatus.Details == nil || len(status.ErrStatus.Details.Causes) == 0 {
		return []reason{{Type: "Request", Detail: err.Error()}}
	}
	var reasons []reason
	for _, cause := range status.ErrStatus.Details.Causes {
		reasons = append(reasons, reason{Field: cause.Field, Type: string(cause.Type), Detail: cause.Message})
	}
	return reasons
}

type warningList struct{ texts []string }

func (list *warningList) AddWarning(_, text string) { list.texts = append(list.texts, text) }
