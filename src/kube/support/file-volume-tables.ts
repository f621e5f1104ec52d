import { noEffect, refused, used, type SupportBranch } from './entry.ts';

const defaultMode = used('mode of the files whose item names none');

const keyItems: SupportBranch = {
  key: used('the key that the file is made from'),
  mode: used('mode of the file'),
  path: used('where the file is in the volume'),
};

const ofPod: SupportBranch = {
  fieldRef: {
    apiVersion: noEffect('there is but one version'),
    fieldPath: used('the field of the pod that the file is made from: its name, labels, annotations'),
  },
  mode: used('mode of the file'),
  path: used('where the file is in the volume'),
  resourceFieldRef: {
    containerName: used('the container whose amount it is'),
    divisor: used('what the amount is counted in'),
    resource: used('the amount of cpu or memory that the file is made from'),
  },
};

export const configMapTable: SupportBranch = {
  defaultMode,
  items: keyItems,
  name: used('the ConfigMap in the files; a change of it is written into the running pod'),
  optional: used('a ConfigMap or key that is missing makes no file'),
};

export const secretTable: SupportBranch = {
  defaultMode,
  items: keyItems,
  optional: used('a Secret or key that is missing makes no file'),
  secretName: used(
    'the Secret in the files, which is kept in memory; a change of it is written into the running pod',
  ),
};

export const downwardTable: SupportBranch = { defaultMode, items: ofPod };

const noServer = 'there is no API server here that would give it out';

export const projectedTable: SupportBranch = {
  defaultMode,
  sources: {
    clusterTrustBundle: refused(noServer),
    configMap: {
      items: keyItems,
      name: used('the ConfigMap in the files'),
      optional: used('a ConfigMap or key that is missing makes no file'),
    },
    downwardAPI: { items: ofPod },
    podCertificate: refused(noServer),
    secret: {
      items: keyItems,
      name: used('the Secret in the files; with one, the volume is kept in memory'),
      optional: used('a Secret or key that is missing makes no file'),
    },
    serviceAccountToken: refused(noServer),
  },
};
