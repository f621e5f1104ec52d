import { checkNode } from './node.ts';
import { checkBinding, checkClusterRole, checkRole } from './rbac.ts';
import { checkCSIDriver, checkStorageClass } from './storage-kinds.ts';
import type { KindChecks } from './kind-checks.ts';

export const clusterChecks: KindChecks = {
  ClusterRole: checkClusterRole,
  ClusterRoleBinding: checkBinding,
  CSIDriver: checkCSIDriver,
  Node: checkNode,
  Role: checkRole,
  RoleBinding: checkBinding,
  StorageClass: checkStorageClass,
};
