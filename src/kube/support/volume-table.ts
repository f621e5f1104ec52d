import { claimSpecTable } from './claim-table.ts';
import { configMapTable, downwardTable, projectedTable, secretTable } from './file-volume-tables.ts';
import { noEffect, refused, used, type SupportBranch } from './entry.ts';

const ofCluster = refused('this storage needs a cluster storage driver');
const removed = refused('removed from Kubernetes');

export const volumeTable: SupportBranch = {
  awsElasticBlockStore: ofCluster,
  azureDisk: ofCluster,
  azureFile: ofCluster,
  cephfs: removed,
  cinder: ofCluster,
  configMap: configMapTable,
  csi: ofCluster,
  downwardAPI: downwardTable,
  emptyDir: {
    medium: used('Memory keeps the volume in memory (tmpfs)'),
    sizeLimit: used('maximum size of a volume in memory'),
  },
  ephemeral: {
    volumeClaimTemplate: {
      metadata: noEffect('no PersistentVolumeClaim object is created for the volume'),
      spec: claimSpecTable,
    },
  },
  fc: ofCluster,
  flexVolume: ofCluster,
  flocker: removed,
  gcePersistentDisk: ofCluster,
  gitRepo: refused('disabled in Kubernetes; use an init container that clones into an emptyDir'),
  glusterfs: removed,
  hostPath: {
    path: used('a path on this machine; a relative one is relative to the directory of the manifest'),
    type: used('required type of the path; a missing directory or file is created on request'),
  },
  image: {
    pullPolicy: used('when to pull the image; the default depends on the tag'),
    reference: used('image to mount read-only; a subPath needs podman 5.4'),
  },
  iscsi: ofCluster,
  name: used('name of the volume in its pod'),
  nfs: refused('rootless podman cannot mount NFS: mount it on the host and use a hostPath'),
  persistentVolumeClaim: {
    claimName: used('a PVC in the files: its PersistentVolume, or a podman volume'),
    readOnly: used('every mount of the volume is read-only'),
  },
  photonPersistentDisk: removed,
  portworxVolume: ofCluster,
  projected: projectedTable,
  quobyte: removed,
  rbd: removed,
  scaleIO: removed,
  secret: secretTable,
  storageos: removed,
  vsphereVolume: ofCluster,
};
