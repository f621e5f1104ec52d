import { ignored, noEffect, refused, used, type SupportBranch } from './entry.ts';
import { metadataOf } from './object-metadata.ts';

const ofDrivers = ignored('a claim gets a folder on this machine, whatever a cluster would provide it from');
const filled = refused('there are no snapshots or other claims to fill the volume from');

/** The spec of the claim of an ephemeral volume: what a cluster would go by to provide a volume. */
export const claimSpecTable: SupportBranch = {
  accessModes: noEffect('a folder on one machine can be mounted in every way'),
  dataSource: filled,
  dataSourceRef: filled,
  resources: {
    limits: ignored('nothing here keeps the volume from growing'),
    requests: ignored('the volume has all the space that the disk has'),
  },
  selector: ofDrivers,
  storageClassName: ofDrivers,
  volumeAttributesClassName: ofDrivers,
  volumeMode: used('Filesystem: a folder; Block is refused'),
  volumeName: ofDrivers,
};

const chooses = used('labels that a PersistentVolume of the files must have to be bound to the claim');

/** Every field of a PersistentVolumeClaim and what podpose does with it. */
export const claimTable: SupportBranch = {
  apiVersion: used('says how to read the object'),
  kind: used('says how to read the object'),
  metadata: metadataOf('the claim, and of its volume in podman'),
  spec: {
    ...claimSpecTable,
    accessModes: used('a PersistentVolume must have them to be bound; ReadWriteOncePod is for one pod only'),
    selector: {
      matchExpressions: { key: chooses, operator: chooses, values: chooses },
      matchLabels: chooses,
    },
    storageClassName: used(
      'a PersistentVolume of the same class is bound; else podman has a volume for any class',
    ),
    volumeName: used('the PersistentVolume of the files that the claim is bound to'),
  },
  status: noEffect('a cluster writes it about an object that it keeps'),
};
