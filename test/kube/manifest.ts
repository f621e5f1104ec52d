import assert from 'node:assert/strict';
import type { Diagnostic } from '../../src/base/diagnostic.ts';
import { readManifests } from '../../src/manifest/read-manifests.ts';
import type { DesiredPod } from '../../src/kube/spec/desired.ts';
import { desiredPods, type DesiredPods } from '../../src/kube/desired-pods.ts';
import { CONTEXT } from '../support/context.ts';

/** Fields of an object of a manifest, as little of them as a test needs. */
export type Fields = Readonly<Record<string, unknown>>;

/** A Pod with one container, as JSON, with these fields in its spec besides. */
export function podWith(spec: Fields, metadata: Fields = {}): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', ...metadata },
    spec: { containers: [{ name: 'app', image: 'nginx:1.27' }], ...spec },
  });
}

/** A Pod whose one container has these fields besides a name and an image. */
export function podWithContainer(container: Fields, spec: Fields = {}): string {
  return podWith({ containers: [{ name: 'app', image: 'nginx:1.27', ...container }], ...spec });
}

/** Reads manifests that have nothing wrong in their structure, and says what their pods mean. */
export function mean(...texts: readonly string[]): DesiredPods {
  const set = readManifests(
    texts.map((text, index) => ({ file: `demo/${(index + 1).toString()}.yaml`, text })),
  );
  assert.deepEqual(set.diagnostics, []);
  return desiredPods(set.documents, CONTEXT);
}

/** The desired pod of a manifest in which nothing is wrong. */
export function desired(text: string): DesiredPod {
  const { pods, diagnostics } = mean(text);
  assert.deepEqual(diagnostics.map(show), []);
  const [first] = pods;
  assert.ok(first);
  return first.pod;
}

/** What is told of manifests, each finding as one line. */
export function findings(...texts: readonly string[]): readonly string[] {
  return mean(...texts).diagnostics.map(show);
}

export function show({ severity, code, path = '', message, suggestion }: Diagnostic): string {
  const meant = suggestion === undefined ? '' : `, did you mean '${suggestion}'?`;
  return `${severity === 'warning' ? 'warning: ' : ''}${path}: ${message}${meant} [${code}]`;
}
