import { ignored, quiet, refused, used, type SupportBranch } from './entry.ts';

const ofDrivers = ignored('a claim gets a folder on this machine, whatever a cluster would provide it from');

/** The spec of a claim: what a cluster would go by to provide a volume. */
export const claimSpecTable: SupportBranch = {
  accessModes: quiet('a folder on one machine can be mounted in every way'),
  dataSource: refused('there are no snapshots or other claims to fill the volume from'),
  dataSourceRef: refused('there are no snapshots or other claims to fill the volume from'),
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
