import type { DiagnosticRows } from './row.ts';

/** The text of a manifest, its kinds, and violations of the schema. */
export const MANIFEST = {
  'manifest-empty': [
    'A file contains no object.',
    'a file with comments only',
    'Add a Kubernetes object, or omit the file.',
  ],
  'duplicate-value': [
    'A list has the same value twice.',
    '`schedulingGates: [{name: a}, {name: a}]`',
    'Remove one of them.',
  ],
  'forbidden-field': [
    'A field must not be set beside another one, or in an object of this kind.',
    '`operator: Exists` with `values`',
    'Remove it.',
  ],
  'too-many-values': [
    'A list or map has more values than the API server accepts.',
    'three addresses in `clusterIPs`',
    'Remove some, or use several objects.',
  ],
  'no-effect': [
    'A field that the API server accepts and nothing uses, because of another field.',
    '`externalName` in a Service of type `ClusterIP`',
    'Remove it, or change the field that the message names.',
  ],
  deprecated: [
    'A field, value or annotation that the API server still accepts, but that newer ones replace.',
    'the annotation `kubernetes.io/ingress.class`',
    'Use what the message names.',
  ],
  'unusual-address': [
    'An IP address or range that is valid, but not in its canonical form.',
    '`2001:DB8:0::1`',
    'Write the suggested form: `2001:db8::1`.',
  ],
  'manifest-not-object': [
    'A document is not a Kubernetes object.',
    '`just a text`',
    'Write an object with `apiVersion`, `kind` and `metadata`.',
  ],
  'other-format': [
    'A file of another tool: compose, kustomize, Helm, Quadlet, a Containerfile, a web page.',
    '`podpose up compose.yaml`',
    'Run the command of the message, which makes a manifest of it.',
  ],
  template: [
    'A template that was not rendered: Kubernetes refuses it.',
    '`name: ${NAME}`, `replicas: {{ .Values.replicas }}`',
    'Render it first, with the command of the message.',
  ],
  'template-value': [
    'A value of a template that was not rendered. A cluster accepts it as it is.',
    '`image: ${IMAGE}`',
    'Render the file first, with the command of the message.',
  ],
  'manifest-not-text': [
    'A file is not a text in UTF-8.',
    'an image, or a file in Latin-1',
    'Save it as UTF-8, or use another file.',
  ],
  'manifest-too-large': [
    'A file is larger than 3 MiB, the limit of Kubernetes.',
    'a ConfigMap with a database in it',
    'Split it, or mount the data from the machine.',
  ],
  'control-character': [
    'A control character that YAML does not allow.',
    'an escape sequence that was pasted from a terminal',
    'Remove it, or write it as an escape in double quotes.',
  ],
  'line-break': [
    'A character that ends a line for kubectl and not for podpose (NEL, U+2028, U+2029, a lone carriage return).',
    'a file that was edited on another system',
    'Use a line feed, or write the character as an escape in double quotes.',
  ],
  'yaml-syntax': ['Invalid YAML.', '`args: [a, b`', 'Correct the place that the marker shows.'],
  'content-after-end': [
    'A document ends with `...`, and more follows before the next `---`. kubectl ignores it.',
    '`...` between two objects',
    'Write `---` instead.',
  ],
  'yaml-missing-space': [
    'A colon or dash is not followed by a space.',
    '`image:nginx`',
    'Add the space: `image: nginx`.',
  ],
  'yaml-ambiguous-key': [
    'A key is in an object as text and as a number or boolean. kubectl keeps one of them.',
    '`labels: {1: a, "1": b}`',
    'Remove one of them.',
  ],
  'yaml-duplicate-key': [
    'An object has the same key twice.',
    'two lines `image: ...` in one container',
    'Remove one of them.',
  ],
  'yaml-key': [
    'Something other than text is used as a key.',
    '`name: {{ .Values.name }}`',
    'Quote the value; render a template first (`helm template`).',
  ],
  'yaml-alias': [
    'An alias has no anchor, or is inside its own anchor.',
    '`args: [*.log]`',
    'Quote a value that begins with an asterisk.',
  ],
  'yaml-merge': [
    '`<<` is followed by something other than an object.',
    '`<<: text`',
    'Merge an object, or a list of objects.',
  ],
  'yaml-tag': [
    'A value does not fit its tag, or the tag is not supported.',
    '`!!int abc`',
    'Remove the tag, or correct the value.',
  ],
  'yaml-too-deep': ['Values are nested too deeply.', 'a thousand lists in one another', 'Use fewer levels.'],
  'yaml-too-many-values': [
    'A document has too many values, or its aliases expand to too many.',
    'nested aliases ("billion laughs")',
    'Split the file, or write less with aliases.',
  ],
  'unknown-kind': [
    'The kind does not exist.',
    '`kind: Pods`',
    'Use a kind that podpose reads; see [support.md](support.md).',
  ],
  'custom-kind': [
    'A custom resource, not a built-in kind of Kubernetes.',
    '`kind: Certificate`',
    'Move it to a file that is not given to podpose.',
  ],
  'unsupported-kind': [
    '`podpose explain` has nothing to show about a kind that podpose does not use. In a manifest, it is ignored, with a warning.',
    '`podpose explain CronJob`',
    'See [support.md](support.md).',
  ],
  'ignored-kind': [
    'Warning: a kind that has no effect here.',
    '`kind: HorizontalPodAutoscaler`',
    'Nothing; the message says what is missing.',
  ],
  'wrong-api-version': [
    'The kind has no such `apiVersion`.',
    '`apiVersion: apps/v1` with `kind: Pod`',
    'Use the suggested version.',
  ],
  'unknown-field': [
    'The object has no such field.',
    '`imagePolicy: Always`',
    'Use the suggested field; `podpose explain pod.spec` lists all fields.',
  ],
  'missing-field': [
    'A required field is missing or has no value.',
    'a container without `image`',
    'Add the field.',
  ],
  'wrong-type': [
    'A value has the wrong type.',
    '`value: 8080` for a variable',
    'Use the type in the message; put text that looks like a number into quotes.',
  ],
  'wrong-value': [
    'A value is not allowed, or conflicts with another.',
    '`restartPolicy: Allways`',
    'Use one of the values in the message.',
  ],
  'out-of-range': [
    'A number is too small or too large.',
    '`defaultMode: 644` (decimal)',
    'Use a number in the range of the message; write a file mode as `0644`.',
  ],
  'several-values': [
    'Two fields are set that exclude each other.',
    '`value` beside `valueFrom`',
    'Keep one of them.',
  ],
  'not-supported': [
    'A field, or a value of it, that one machine without a cluster cannot support.',
    '`resources.limits: {nvidia.com/gpu: 1}`',
    'Remove it; see [support.md](support.md).',
  ],
  'not-supported-yet': [
    'A field that podpose does not support yet.',
    'a field under "Not supported yet" in support.md',
    'Remove it until a later release supports it; see [support.md](support.md).',
  ],
  ignored: [
    'Warning: a field has no effect; the pod runs without it.',
    '`limits: {ephemeral-storage: 1Gi}`',
    'Nothing, or remove the field; see [support.md](support.md).',
  ],
  'no-pods': [
    'Warning: the manifests contain no pod, so nothing runs.',
    'a file with a ConfigMap only',
    'Add the file with the pod.',
  ],
  'backend-missing': [
    'Warning: an Ingress refers to a Service, a port or a Secret that is not in the given files. The proxy answers such requests with 503, or serves no https.',
    '`backend: {service: {name: shop, port: {number: 80}}}` without a Service `shop`',
    'Correct the name or the port, or add the file with the object.',
  ],
  'pending-pods': [
    'Warning: only one pod of a workload is created, as on a cluster of one node the others would be Pending; or none, as a Job is suspended.',
    'a Deployment with `replicas: 3` and a `hostPort`',
    'Set `replicas: 1`, or remove the hostPort.',
  ],
  'pod-refused': [
    'An API server accepts the workload, but would refuse its pods.',
    'a template with an image name that begins with a space',
    'Correct the template.',
  ],
  'too-many-pods': [
    'The project would have more pods than a node of Kubernetes runs by default.',
    '`replicas: 500`',
    'Use fewer replicas.',
  ],
} as const satisfies DiagnosticRows;
