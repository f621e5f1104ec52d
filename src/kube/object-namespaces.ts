import { sortDiagnostics, type Diagnostic } from '../base/diagnostic.ts';
import type { CheckedDocument } from '../manifest/checked-document.ts';
import { toDiagnostic } from './validation/finding.ts';
import { isNamespaced } from './validation/metadata-rules.ts';

/**
 * Objects as `kubectl apply --namespace` sends them: those without a namespace get it, and another one is an error
 * (RequireNamespace in k8s.io/cli-runtime/pkg/resource/visitor.go). Objects of the whole cluster stay as they are.
 */
export function inNamespace(
  documents: readonly CheckedDocument[],
  namespace: string,
): { readonly documents: readonly CheckedDocument[]; readonly diagnostics: readonly Diagnostic[] } {
  const found = documents.filter(
    ({ kind, value }) =>
      isNamespaced(kind) && ![undefined, '', namespace].includes(value.metadata?.namespace),
  );
  return {
    documents: documents.map((document) =>
      isNamespaced(document.kind) ? withNamespace(document, namespace) : document,
    ),
    diagnostics: sortDiagnostics(found.map((document) => mismatch(document, namespace))),
  };
}

/** Another namespace, which is an error, is replaced too: its references are no further mistakes. */
function withNamespace(document: CheckedDocument, namespace: string): CheckedDocument {
  const { metadata } = document.value;
  if (metadata === undefined || metadata.namespace === namespace) return document;
  const value = { ...document.value, metadata: { ...metadata, namespace } };
  // The object of its kind with another text in one field.
  return {
    ...document,
    value,
    complete: document.complete === undefined ? undefined : value,
  } as CheckedDocument;
}

function mismatch(document: CheckedDocument, namespace: string): Diagnostic {
  const own = document.value.metadata?.namespace ?? '';
  return toDiagnostic(document, {
    code: 'namespace-mismatch',
    path: ['metadata', 'namespace'],
    message: `the namespace '${own}' of the ${document.kind} does not match the namespace '${namespace}' of the command line`,
    help: `Use -n ${own}, or no -n: objects keep the namespaces of the files.`,
  });
}
