import { checkNode } from './node.ts';
import { checkBinding, checkClusterRole, checkRole } from './rbac.ts';
import { checkCSIDriver, checkStorageClass } from './storage-kinds.ts';
import { checkLimitRange } from './limit-range.ts';
import { checkResourceQuota } from './resource-quota.ts';
import {
  checkLease,
  checkNamespaceObject,
  checkPriorityClass,
  checkRuntimeClass,
  checkServiceAccount,
} from './small-kinds.ts';
import type { KindChecks } from './kind-checks.ts';

export const clusterChecks: KindChecks = {
  ClusterRole: checkClusterRole,
  ClusterRoleBinding: checkBinding,
  CSIDriver: checkCSIDriver,
  Lease: checkLease,
  LimitRange: checkLimitRange,
  Namespace: checkNamespaceObject,
  Node: checkNode,
  PriorityClass: checkPriorityClass,
  ResourceQuota: checkResourceQuota,
  Role: checkRole,
  RoleBinding: checkBinding,
  RuntimeClass: checkRuntimeClass,
  ServiceAccount: checkServiceAccount,
  StorageClass: checkStorageClass,
};
