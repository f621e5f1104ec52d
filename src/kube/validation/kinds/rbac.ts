import type { FieldPath } from '../../../base/path.ts';
import type { CheckedObject, Incomplete } from '../../../manifest/checked-document.ts';
import type { PolicyRule, RbacSubject } from '../../../manifest/schema/generated/kubernetes.ts';
import { checkChoice, forbiddenField } from '../fields.ts';
import type { Finding } from '../finding.ts';
import { checkLabelSelector } from '../label-selector.ts';
import { checkFilled, checkPathSegment } from '../name-checks.ts';
import { checkName, dnsSubdomain } from '../names.ts';

type AnyRole = CheckedObject<'Role'> | CheckedObject<'ClusterRole'>;
type AnyBinding = CheckedObject<'RoleBinding'> | CheckedObject<'ClusterRoleBinding'>;

/** The group of roles, users and groups. */
const GROUP = 'rbac.authorization.k8s.io';

/** Checks a Role (ValidateRole in pkg/apis/rbac/validation/validation.go). */
export function* checkRole(role: CheckedObject<'Role'>): Iterable<Finding> {
  for (const [index, rule] of (role.value.rules ?? []).entries()) {
    yield* checkRule(role, rule, ['rules', index]);
    if ((rule.nonResourceURLs ?? []).length > 0)
      yield forbiddenField(
        ['rules', index, 'nonResourceURLs'],
        'URLs belong to no namespace: use a ClusterRole',
      );
  }
}

/** Checks a ClusterRole (ValidateClusterRole). */
export function* checkClusterRole(role: CheckedObject<'ClusterRole'>): Iterable<Finding> {
  for (const [index, rule] of (role.value.rules ?? []).entries())
    yield* checkRule(role, rule, ['rules', index]);
  const { aggregationRule } = role.value;
  if (aggregationRule === undefined) return;
  yield* checkFilled(role, aggregationRule.clusterRoleSelectors, ['aggregationRule'], 'clusterRoleSelectors');
  for (const [index, selector] of (aggregationRule.clusterRoleSelectors ?? []).entries())
    yield* checkLabelSelector(selector, ['aggregationRule', 'clusterRoleSelectors', index]);
}

function* checkRule(role: AnyRole, rule: Incomplete<PolicyRule>, path: FieldPath): Iterable<Finding> {
  const fields = ['apiGroups', 'resources', 'resourceNames'] as const;
  yield* checkFilled(role, rule.verbs, path, 'verbs');
  if ((rule.nonResourceURLs ?? []).length > 0) {
    if (role.kind === 'ClusterRole' && fields.some((field) => (rule[field] ?? []).length > 0))
      yield forbiddenField([...path, 'nonResourceURLs'], 'a rule is for resources or for URLs, not both');
  } else if (!role.isPruned([...path, 'nonResourceURLs']))
    for (const field of ['apiGroups', 'resources'] as const)
      yield* checkFilled(role, rule[field], path, field);
}

/** Checks a RoleBinding or ClusterRoleBinding (ValidateRoleBinding, ValidateClusterRoleBinding). */
export function* checkBinding(binding: AnyBinding): Iterable<Finding> {
  const { roleRef, subjects = [] } = binding.value;
  if (roleRef !== undefined) {
    const kinds = binding.kind === 'RoleBinding' ? ['Role', 'ClusterRole'] : ['ClusterRole'];
    yield* checkGroup(roleRef.apiGroup, ['roleRef', 'apiGroup']);
    yield* checkChoice(roleRef.kind, kinds, ['roleRef', 'kind']);
    yield* checkFilled(binding, roleRef.name, ['roleRef'], 'name');
    if (roleRef.name !== undefined) yield* checkPathSegment(roleRef.name, ['roleRef', 'name']);
  }
  for (const [index, subject] of subjects.entries())
    yield* checkSubject(binding, subject, ['subjects', index]);
}

/** An empty group means the default. */
function* checkGroup(group: string | undefined, path: FieldPath): Iterable<Finding> {
  if (group !== '') yield* checkChoice(group, [GROUP], path);
}

function* checkSubject(
  binding: AnyBinding,
  { kind, name, namespace, apiGroup = '' }: Incomplete<RbacSubject>,
  path: FieldPath,
): Iterable<Finding> {
  yield* checkFilled(binding, name, path, 'name');
  if (kind !== 'ServiceAccount') {
    if (kind !== undefined) yield* checkGroup(apiGroup, [...path, 'apiGroup']);
    return;
  }
  if (name !== undefined && name !== '') yield* checkName(dnsSubdomain, name, [...path, 'name']);
  if (apiGroup !== '') yield forbiddenField([...path, 'apiGroup'], 'a ServiceAccount is in no API group');
  if (binding.kind === 'ClusterRoleBinding') yield* checkFilled(binding, namespace, path, 'namespace');
}
