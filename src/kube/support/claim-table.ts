import { ignored, noEffect, refused, used, type SupportBranch } from './entry.ts';
import { metadataOf } from './object-metadata.ts';

const ofDrivers = ignored(
  'a PVC is backed by a directory on this machine; storage classes and drivers do not matter',
);
const filled = refused('volume snapshots and clones need a cluster storage driver');

const limits = ignored('the size of the volume cannot be limited here');

/** The spec of an ephemeral volume's claim template: the input of a cluster's provisioner. */
export const claimSpecTable: SupportBranch = {
  accessModes: noEffect('a directory on one machine supports every access mode'),
  dataSource: filled,
  dataSourceRef: filled,
  resources: {
    limits,
    // Kubernetes requires it: a warning would come with every PVC, and nothing could be done about it.
    requests: noEffect('the volume can use the free space of the disk'),
  },
  selector: ofDrivers,
  storageClassName: ofDrivers,
  volumeAttributesClassName: ofDrivers,
  volumeMode: used('Filesystem: a directory; Block is refused'),
  volumeName: ofDrivers,
};

const chooses = used('labels that a PersistentVolume in the files must have to be bound to the PVC');

/** Support of every field of a PersistentVolumeClaim. */
export const claimTable: SupportBranch = {
  apiVersion: used('identifies the type of the object'),
  kind: used('identifies the type of the object'),
  metadata: {
    ...metadataOf('the PVC, and of its podman volume'),
    annotations: used(
      'podpose.io/volume names the podman volume; volume.podman.io/NAME set driver, type, owner and options of a new one',
    ),
  },
  spec: {
    ...claimSpecTable,
    accessModes: used(
      'a PersistentVolume must support them to be bound; ReadWriteOncePod allows a single pod',
    ),
    resources: {
      limits,
      requests: used(
        'a PersistentVolume must be as large to be bound; a podman volume can use the free space of the disk',
      ),
    },
    selector: {
      matchExpressions: { key: chooses, operator: chooses, values: chooses },
      matchLabels: chooses,
    },
    storageClassName: used(
      'only a PersistentVolume of the same class is bound; otherwise a podman volume is created',
    ),
    volumeName: used('the PersistentVolume in the files to bind the PVC to'),
  },
  status: noEffect('written by the API server, ignored in a manifest'),
};
