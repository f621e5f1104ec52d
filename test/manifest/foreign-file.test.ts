import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readManifests } from '../../src/manifest/read-manifests.ts';

/* Files that people pass in place of a manifest: one message, with the command that makes a manifest of them. */
const CASES: readonly (readonly [file: string, text: string, message: RegExp, help: RegExp])[] = [
  [
    'compose.yaml',
    'version: "3"\nservices:\n  web:\n    image: nginx\n    ports: ["8080:80"]\n',
    /^this is a compose file/,
    /podman compose -f compose.yaml up -d.*podman kube generate/,
  ],
  ['old.yml', 'web:\n  image: nginx\ndb:\n  build: .\n', /^this is a compose file/, /-f old.yml/],
  [
    'units/app.kube',
    '# a comment\n[Unit]\nDescription=x\n\n[Kube]\nYaml=app.yaml\nPublishPort=8080:80\n',
    /^this is a Quadlet unit \(\.kube\)/,
    /: podpose up units\/app\.yaml$/,
  ],
  ['x.kube', '[Kube]\nYaml=/srv/my app.yaml\n', /Quadlet/, /: podpose up "\/srv\/my app\.yaml"$/],
  [
    'web.container',
    '[Container]\nImage=nginx\n',
    /systemd unit/,
    /podman kube generate systemd-web > pod.yaml/,
  ],
  ['web.container', '[Container]\nImage=nginx\nContainerName=my\n', /systemd unit/, /generate my >/],
  [
    'a.service',
    '[Unit]\nDescription=x\n[Service]\nExecStart=/bin/true\n',
    /systemd unit/,
    /Kubernetes objects/,
  ],
  [
    'base/k.yaml',
    'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [pod.yaml]\n',
    /^this is a kustomization/,
    /: podpose up -k base$/,
  ],
  ['kustomization.yaml', 'namePrefix: a-\n', /kustomization/, /podpose up -k \.$/],
  ['-', 'resources:\n- pod.yaml\n', /kustomization/, /podpose up -k \.$/],
  [
    'chart/Chart.yaml',
    'apiVersion: v2\nname: x\nversion: 0.1.0\n',
    /^this is a Helm chart/,
    /: helm template chart \| podpose up -$/,
  ],
  [
    'app/Containerfile',
    '# syntax\nARG V=1\n\nFROM nginx:$V\nRUN echo a: b\n',
    /^this is a Containerfile/,
    /: podman build -t localhost\/NAME -f app\/Containerfile app$/,
  ],
  ['pod.yaml', '<!DOCTYPE html>\n<html lang="en">\n', /^this is a web page/, /raw/],
];

for (const [file, text, message, help] of CASES)
  test(`not a manifest: ${file}, ${String(message)}`, () => {
    const { documents, diagnostics } = readManifests([{ file, text }]);
    assert.deepEqual(
      diagnostics.map(({ code, location }) => [code, location?.column]),
      [['other-format', 1]],
    );
    assert.match(diagnostics[0]?.message ?? '', message);
    assert.match(diagnostics[0]?.help ?? '', help);
    assert.equal(documents.length, 0);
  });

/* What only looks similar keeps its own message. */
for (const [name, text, code] of [
  ['an object without its kind', 'metadata: {name: p}\nspec: {containers: []}\n', 'missing-field'],
  ['a list of numbers under resources', 'resources: [1]\n', 'missing-field'],
  ['a list', '- [Unit]\n', 'manifest-not-object'],
] as const)
  test(`not a file of another tool: ${name}`, () => {
    const { diagnostics } = readManifests([{ file: 'pod.yaml', text }]);
    assert.equal(diagnostics[0]?.code, code);
  });
