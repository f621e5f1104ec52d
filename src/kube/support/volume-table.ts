import { claimSpecTable } from './claim-table.ts';
import { configMapTable, downwardTable, projectedTable, secretTable } from './file-volume-tables.ts';
import { noEffect, refused, used, type SupportBranch } from './entry.ts';

const ofCluster = refused('this storage is attached to the nodes of a cluster by its drivers');
const removed = refused('Kubernetes no longer has this kind of volume');

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
    medium: used('Memory: the volume is kept in memory'),
    sizeLimit: used('the most that a volume in memory can hold'),
  },
  ephemeral: {
    volumeClaimTemplate: {
      metadata: noEffect('the volume of the pod is no object of its own'),
      spec: claimSpecTable,
    },
  },
  fc: ofCluster,
  flexVolume: ofCluster,
  flocker: removed,
  gcePersistentDisk: ofCluster,
  gitRepo: refused(
    'Kubernetes has turned this kind of volume off; an init container can clone into an emptyDir',
  ),
  glusterfs: removed,
  hostPath: {
    path: used('a path on this machine; a relative one starts at the folder of the manifest'),
    type: used('what must be at the path, or is made there'),
  },
  image: {
    pullPolicy: used('when to pull the image; by default by its tag'),
    reference: used('image whose files the volume has, read-only; a subPath needs podman 5.4'),
  },
  iscsi: ofCluster,
  name: used('name of the volume in its pod'),
  nfs: refused('an ordinary user may not mount NFS: mount it on the machine, and use a hostPath'),
  persistentVolumeClaim: {
    claimName: used('a claim of the files: the PersistentVolume that it is bound to, or a volume of podman'),
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
