import { ignored, noEffect, refused, used, type SupportBranch } from './entry.ts';
import { metadataOf } from './object-metadata.ts';

const ofCluster = refused('this storage needs a cluster storage driver');
const removed = refused('removed from Kubernetes');
const reserved = noEffect('the PVC is identified by its name');

/** Support of every field of a PersistentVolume. */
export const persistentVolumeTable: SupportBranch = {
  apiVersion: used('identifies the type of the object'),
  kind: used('identifies the type of the object'),
  metadata: {
    ...metadataOf('the volume, for PVCs', used('matched by the selector of a PVC')),
    namespace: noEffect('a PersistentVolume is in no namespace'),
  },
  spec: {
    accessModes: used('a PVC is bound only to a volume with all of its access modes'),
    awsElasticBlockStore: ofCluster,
    azureDisk: ofCluster,
    azureFile: ofCluster,
    capacity: used('a PVC is bound to the smallest sufficient volume; the actual disk space is not checked'),
    cephfs: removed,
    cinder: ofCluster,
    claimRef: {
      apiVersion: reserved,
      fieldPath: reserved,
      kind: reserved,
      name: used('the only PVC that the volume can be bound to'),
      namespace: used('the namespace of that PVC'),
      resourceVersion: reserved,
      uid: reserved,
    },
    csi: ofCluster,
    fc: ofCluster,
    flexVolume: ofCluster,
    flocker: removed,
    gcePersistentDisk: ofCluster,
    glusterfs: removed,
    hostPath: {
      path: used('a path on this machine; a relative one is relative to the directory of the manifest'),
      type: used('required type of the path; a missing directory or file is created on request'),
    },
    iscsi: ofCluster,
    local: {
      fsType: noEffect('applies to block devices; here a directory is mounted'),
      path: used('a directory on this machine; a relative one is relative to the directory of the manifest'),
    },
    mountOptions: refused('mount options do not apply to a directory of this machine', []),
    nfs: refused('only root can mount network filesystems'),
    nodeAffinity: noEffect('there is a single node: this machine'),
    persistentVolumeReclaimPolicy: noEffect('files of this machine are never removed'),
    photonPersistentDisk: removed,
    portworxVolume: ofCluster,
    quobyte: removed,
    rbd: removed,
    scaleIO: removed,
    storageClassName: used('a PVC is bound only to a volume of its storage class'),
    storageos: removed,
    volumeAttributesClassName: ignored('volume attributes need a cluster storage driver'),
    volumeMode: used('Filesystem: a directory; Block is refused'),
    vsphereVolume: ofCluster,
  },
  status: noEffect('written by the API server, ignored in a manifest'),
};
