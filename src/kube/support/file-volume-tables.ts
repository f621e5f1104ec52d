import { noEffect, refused, used, type SupportBranch } from './entry.ts';

const defaultMode = used('mode of files whose item sets no mode');

const keyItems: SupportBranch = {
  key: used('key of the content of the file'),
  mode: used('mode of the file'),
  path: used('path of the file in the volume'),
};

const ofPod: SupportBranch = {
  fieldRef: {
    apiVersion: noEffect('only v1 exists'),
    fieldPath: used('the field of the pod to write: its name, labels or annotations'),
  },
  mode: used('mode of the file'),
  path: used('path of the file in the volume'),
  resourceFieldRef: {
    containerName: used('the container to read the resource from'),
    divisor: used('unit of the value'),
    resource: used('the CPU or memory limit or request to write'),
  },
};

export const configMapTable: SupportBranch = {
  defaultMode,
  items: keyItems,
  name: used('the ConfigMap in the files; changes are written into the running pod'),
  optional: used('the ConfigMap or key may be missing; its files are then not created'),
};

export const secretTable: SupportBranch = {
  defaultMode,
  items: keyItems,
  optional: used('the Secret or key may be missing; its files are then not created'),
  secretName: used('the Secret in the files, kept in memory; changes are written into the running pod'),
};

export const downwardTable: SupportBranch = { defaultMode, items: ofPod };

const noServer = 'needs the API server of a cluster';

export const projectedTable: SupportBranch = {
  defaultMode,
  sources: {
    clusterTrustBundle: refused(noServer),
    configMap: {
      items: keyItems,
      name: used('the ConfigMap in the files'),
      optional: used('the ConfigMap or key may be missing; its files are then not created'),
    },
    downwardAPI: { items: ofPod },
    podCertificate: refused(noServer),
    secret: {
      items: keyItems,
      name: used('the Secret in the files; the whole volume is then kept in memory'),
      optional: used('the Secret or key may be missing; its files are then not created'),
    },
    serviceAccountToken: refused(noServer),
  },
};
