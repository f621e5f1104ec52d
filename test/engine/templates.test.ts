import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Diagnostic } from '../../src/base/diagnostic.ts';
import { checkSources } from '../../src/engine/check-sources.ts';
import { testPlatform } from '../support/platform.ts';

function check(text: string, file = 'pod.yaml'): readonly Diagnostic[] {
  return checkSources(testPlatform({}), [{ file, text }], {}).diagnostics.filter(
    ({ code }) => code !== 'no-pods',
  );
}

function pod(name: string, container: string, rest = ''): string {
  return `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\nspec:\n  containers:\n${container}${rest}`;
}

const PLAIN = '  - {name: c, image: nginx}\n';

/* A template is one error, whatever it breaks, with the command that renders it. */
const TEMPLATES: readonly (readonly [
  name: string,
  file: string,
  text: string,
  place: string,
  message: RegExp,
  help: RegExp,
])[] = [
  [
    'Helm, which breaks the YAML',
    'chart/templates/pod.yaml',
    pod(
      '{{ .Release.Name }}',
      '  {{- range .Values.containers }}\n  - name: {{ .name }}\n    image: {{ .image }}:{{ .tag | quote }}\n  {{- end }}\n',
    ),
    'template 4:9',
    /Helm/,
    /: helm template chart \| podpose up -$/,
  ],
  [
    'Helm, of no chart',
    'a.yaml',
    pod('\'{{ include "x" . }}\'', PLAIN),
    'template 4:9',
    /Helm/,
    /template CHART/,
  ],
  [
    'Jinja, which breaks the YAML',
    'pod.yaml.j2',
    pod('{{ app }}', '  {% for c in cs %}\n  - {name: "{{ c.name }}", image: nginx}\n  {% endfor %}\n'),
    'template 4:9',
    /Jinja/,
    /: jinja2 pod\.yaml\.j2 VARIABLES\.yaml \| podpose up -\n.*ansible\.builtin\.template/s,
  ],
  [
    'Jinja in quotes',
    'pod.yaml',
    pod('"{{ app }}"', '  - {name: "{{ app }}-c", image: "{{ image }}"}\n'),
    'template 4:9',
    /Jinja/,
    /jinja2/,
  ],
  [
    'envsubst, which breaks the YAML',
    'pod.yaml',
    pod('${NAME}', '  - {name: c, image: nginx, ports: [{containerPort: ${PORT}}]}\n'),
    'template 7:53',
    /\(\$\{NAME\}, \$\{PORT\}\)$/,
    /: envsubst '\$\{NAME\} \$\{PORT\}' < pod\.yaml \| podpose up -$/,
  ],
  [
    'envsubst in values',
    'my pod.yaml',
    pod(
      '${NAME}',
      '  - name: c\n    image: ${IMAGE:-nginx}:${TAG}\n    ports:\n    - containerPort: ${PORT}\n    env: [{name: A, value: "${B}"}]\n',
    ),
    'template 4:9',
    /\$\{NAME\}, \$\{IMAGE\}, \$\{TAG\} and 2 more/,
    /envsubst '[^']*\$\{B\}' < "my pod\.yaml" .*\nenvsubst replaces \$\{NAME\} only/s,
  ],
  ['plain variable', 'pod.yaml', pod('$NAME', PLAIN), 'template 4:9', /\(\$\{NAME\}\)/, /envsubst/],
  [
    'a value that a cluster accepts',
    'pod.yaml',
    pod('p', '  - {name: c, image: "${IMAGE}"}\n  - {name: d, image: "${IMAGE}"}\n'),
    'template-value 7:22',
    /\(\$\{IMAGE\}\)/,
    /envsubst/,
  ],
  [
    'standard input',
    '-',
    pod('${NAME}', PLAIN),
    'template 4:9',
    /NAME/,
    /: envsubst '\$\{NAME\}' \| podpose up -$/,
  ],
];

for (const [name, file, text, place, message, help] of TEMPLATES)
  test(`template: ${name}`, () => {
    const found = check(text, file);
    assert.deepEqual(
      found.map(({ code, location }) => `${code} ${location?.line ?? 0}:${location?.column ?? 0}`),
      [place],
    );
    assert.match(found[0]?.message ?? '', message);
    assert.match(found[0]?.help ?? '', help);
  });

test('other errors of a template that is valid YAML are reported, too', () => {
  const found = check(
    pod('${NAME}', '  - {name: c, image: nginx, imagePullPolicy: always, env: [{name: "${A}", value: 1}]}\n'),
  );
  assert.deepEqual(found.map(({ code }) => code).sort(), ['template', 'wrong-type', 'wrong-value']);
});

/* Braces and dollars with another meaning. */
for (const [name, text, codes] of [
  ['a script in a list', pod('p', '  - {name: c, image: nginx, args: ["echo ${HOME} {{ x }}"]}\n'), []],
  [
    'a script in place of a list',
    pod('p', '  - {name: c, image: nginx, args: "echo ${HOME}"}\n'),
    ['wrong-type'],
  ],
  ["Kubernetes' own variables", pod('$(NAME)', PLAIN), ['invalid-name']],
  [
    'a template as data',
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  a: |\n    {{ range .x }}\n    ${y}\n',
    [],
  ],
  [
    'a missing bracket elsewhere',
    pod('p', '  - {name: c, image: nginx, args: ["{{ x }}", "a"}\n'),
    ['yaml-syntax'],
  ],
] as const)
  test(`no template: ${name}`, () => {
    assert.deepEqual([...new Set(check(text).map(({ code }) => code))], codes);
  });
