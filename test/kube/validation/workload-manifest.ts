import { ruleOf } from '../../../src/base/diagnostic-code.ts';
import { readManifests } from '../../../src/manifest/read-manifests.ts';
import { desiredPods } from '../../../src/kube/desired-pods.ts';
import { CONTEXT } from '../../support/context.ts';
import { show, type Fields } from '../manifest.ts';

/** What an API server would say of an object: the rules of podpose left out. */
export function serverFindings(object: Fields): readonly string[] {
  const set = readManifests([{ file: 'a.json', text: JSON.stringify(object) }]);
  const { diagnostics } = desiredPods(set.documents, CONTEXT);
  return [...set.diagnostics, ...diagnostics].filter(({ code }) => ruleOf(code) === 'kubernetes').map(show);
}

const container = { name: 'app', image: 'nginx' };

/** A template whose pods have the label `app: web`. */
export function template(spec: Fields = {}): Fields {
  return { metadata: { labels: { app: 'web' } }, spec: { containers: [container], ...spec } };
}

/** A workload that selects the pods of its template, with these fields in its spec. */
export function workload(kind: string, spec: Fields = {}, metadata: Fields = {}): Fields {
  return {
    apiVersion: kind === 'ReplicationController' ? 'v1' : 'apps/v1',
    kind,
    metadata: { name: 'web', ...metadata },
    spec: {
      selector: kind === 'ReplicationController' ? { app: 'web' } : { matchLabels: { app: 'web' } },
      template: template(),
      ...spec,
    },
  };
}

export function job(spec: Fields = {}, metadata: Fields = {}): Fields {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'once', ...metadata },
    spec: { template: template({ restartPolicy: 'Never' }), ...spec },
  };
}

export function cronJob(spec: Fields = {}, metadata: Fields = {}): Fields {
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'nightly', ...metadata },
    spec: {
      schedule: '0 0 * * *',
      jobTemplate: { spec: { template: template({ restartPolicy: 'Never' }) } },
      ...spec,
    },
  };
}
