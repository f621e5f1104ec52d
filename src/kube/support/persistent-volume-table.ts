import { ignored, noEffect, refused, used, type SupportBranch } from './entry.ts';
import { metadataOf } from './object-metadata.ts';

const ofCluster = refused('this storage is attached to the nodes of a cluster by its drivers');
const removed = refused('Kubernetes no longer has this kind of volume');
const reserved = noEffect('the name of the claim says which one is meant');

/** Every field of a PersistentVolume and what podpose does with it. */
export const persistentVolumeTable: SupportBranch = {
  apiVersion: used('says how to read the object'),
  kind: used('says how to read the object'),
  metadata: metadataOf('the volume, for claims', used('the selector of a claim goes by them')),
  spec: {
    accessModes: used('a claim is bound only to a volume that has all access modes that it asks for'),
    awsElasticBlockStore: ofCluster,
    azureDisk: ofCluster,
    azureFile: ofCluster,
    capacity: used('a claim is bound to the smallest volume that is large enough; the space is not measured'),
    cephfs: removed,
    cinder: ofCluster,
    claimRef: {
      apiVersion: reserved,
      fieldPath: reserved,
      kind: reserved,
      name: used('the only claim that the volume is bound to'),
      namespace: reserved,
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
      path: used('a path on this machine; a relative one starts at the folder of the manifest'),
      type: used('what must be at the path, or is made there'),
    },
    iscsi: ofCluster,
    local: {
      fsType: noEffect('it is for a block device, and only a folder is mounted'),
      path: used('a folder on this machine; a relative one starts at the folder of the manifest'),
    },
    mountOptions: refused('a folder of this machine is mounted as it is', []),
    nfs: refused('only root may mount file systems of other machines'),
    nodeAffinity: noEffect('the volume is on this machine, and so are all pods'),
    persistentVolumeReclaimPolicy: noEffect('what is at a path of this machine is never removed'),
    photonPersistentDisk: removed,
    portworxVolume: ofCluster,
    quobyte: removed,
    rbd: removed,
    scaleIO: removed,
    storageClassName: used('a claim is bound only to a volume of its class'),
    storageos: removed,
    volumeAttributesClassName: ignored('there is no driver here that would give the volume attributes'),
    volumeMode: used('Filesystem: a folder; Block is refused'),
    vsphereVolume: ofCluster,
  },
  status: noEffect('a cluster writes it about an object that it keeps'),
};
