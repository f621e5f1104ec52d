import type { FieldPath } from '../../../base/path.ts';
import type { CheckedObject, Incomplete } from '../../../manifest/checked-document.ts';
import type {
  HTTPIngressPath,
  IngressBackend,
  IngressClassParametersReference,
  IngressRule,
  IngressServiceBackend,
  TypedLocalObjectReference,
} from '../../../manifest/schema/generated/kubernetes.ts';
import { forbiddenField, missingField } from '../fields.ts';
import type { Finding } from '../finding.ts';
import { checkDomain, checkFilled, checkHostPattern, checkPathSegment } from '../name-checks.ts';
import { checkName, dnsLabel, dnsSubdomain, nameProblem } from '../names.ts';
import { checkPortNumber, checkPortReference } from '../network/port-values.ts';

type Ingress = CheckedObject<'Ingress'>;
type IngressClass = CheckedObject<'IngressClass'>;

/** The annotation that spec.ingressClassName replaced. */
const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';

/** Checks an Ingress (ValidateIngressCreate in pkg/apis/networking/validation/validation.go). */
export function* checkIngress(ingress: Ingress): Iterable<Finding> {
  yield* checkClassAnnotation(ingress);
  const { rules = [], defaultBackend, tls = [], ingressClassName } = ingress.value.spec ?? {};
  const isPruned = (field: string): boolean => ingress.isPruned(['spec', field]);
  if (rules.length === 0 && defaultBackend === undefined && !isPruned('rules') && !isPruned('defaultBackend'))
    yield { ...missingField(['spec'], 'rules'), help: 'Set rules, or a defaultBackend for all requests.' };
  if (defaultBackend !== undefined) yield* checkBackend(ingress, defaultBackend, ['spec', 'defaultBackend']);
  for (const [index, rule] of rules.entries()) yield* checkRule(ingress, rule, ['spec', 'rules', index]);
  for (const [index, { hosts = [], secretName = '' }] of tls.entries()) {
    const path = ['spec', 'tls', index];
    for (const [at, host] of hosts.entries()) yield* checkHostPattern(host, [...path, 'hosts', at]);
    if (secretName !== '') yield* checkName(dnsSubdomain, secretName, [...path, 'secretName']);
  }
  if (ingressClassName !== undefined)
    yield* checkName(dnsSubdomain, ingressClassName, ['spec', 'ingressClassName']);
}

function* checkClassAnnotation({ value, isPruned }: Ingress): Iterable<Finding> {
  const annotation = value.metadata?.annotations?.[CLASS_ANNOTATION];
  const name = value.spec?.ingressClassName;
  const path = ['metadata', 'annotations', CLASS_ANNOTATION];
  if (annotation === undefined || isPruned(['spec', 'ingressClassName']) || annotation === name) return;
  if (name === undefined)
    yield {
      code: 'deprecated',
      severity: 'warning',
      path,
      at: 'key',
      message: 'is deprecated: spec.ingressClassName replaces it',
    };
  else
    yield {
      code: 'wrong-value',
      path,
      message: `must equal ingressClassName, '${name}', got '${annotation}'`,
    };
}

function* checkRule(
  ingress: Ingress,
  { host = '', http }: Incomplete<IngressRule>,
  path: FieldPath,
): Iterable<Finding> {
  if (host !== '') yield* checkDomain(host, [...path, 'host']);
  if (http === undefined) return;
  yield* checkFilled(ingress, http.paths, [...path, 'http'], 'paths');
  for (const [index, item] of (http.paths ?? []).entries())
    yield* checkHttpPath(ingress, item, [...path, 'http', 'paths', index]);
}

/** What a path of the types Exact and Prefix must not contain: nothing matches it. */
const UNUSABLE_STEPS = ['//', '/./', '/../', '%2f', '%2F'];
const UNUSABLE_ENDS = ['/..', '/.'];

function* checkHttpPath(
  ingress: Ingress,
  { path: text = '', pathType, backend }: Incomplete<HTTPIngressPath>,
  path: FieldPath,
): Iterable<Finding> {
  // Without the type, the server says nothing about the rest of the path.
  if (pathType === undefined) return;
  const place = [...path, 'path'];
  const mayBeEmpty = pathType === 'ImplementationSpecific';
  if (!text.startsWith('/') && !(mayBeEmpty && text === '') && !ingress.isPruned(place))
    yield { code: 'invalid-path', path: place, message: `must begin with '/', got '${text}'` };
  if (!mayBeEmpty) {
    const step = UNUSABLE_STEPS.find((part) => text.includes(part));
    const end = UNUSABLE_ENDS.find((part) => text.endsWith(part));
    if (step !== undefined)
      yield { code: 'invalid-path', path: place, message: `must not contain '${step}', got '${text}'` };
    else if (end !== undefined)
      yield { code: 'invalid-path', path: place, message: `must not end with '${end}', got '${text}'` };
  }
  if (backend !== undefined) yield* checkBackend(ingress, backend, [...path, 'backend']);
}

function* checkBackend(
  ingress: Ingress,
  { resource, service }: Incomplete<IngressBackend>,
  path: FieldPath,
): Iterable<Finding> {
  if (resource !== undefined && service !== undefined)
    yield forbiddenField([...path, 'resource'], 'a backend is a service or a resource, not both');
  else if (resource !== undefined) yield* checkReference(ingress, resource, [...path, 'resource']);
  else if (service !== undefined) yield* checkServiceBackend(ingress, service, [...path, 'service']);
  else if (!['resource', 'service'].some((field) => ingress.isPruned([...path, field])))
    yield missingField(path, 'service');
}

function* checkServiceBackend(
  ingress: Ingress,
  { name, port: { name: portText = '', number = 0 } = {} }: Incomplete<IngressServiceBackend>,
  path: FieldPath,
): Iterable<Finding> {
  const port = [...path, 'port'];
  yield* checkFilled(ingress, name, path, 'name');
  if (name !== undefined && name !== '') yield* checkName(dnsLabel, name, [...path, 'name']);
  if (portText !== '' && number !== 0)
    yield forbiddenField([...port, 'name'], 'a port is a name or a number, not both');
  else if (portText !== '') yield* checkPortReference(portText, [...port, 'name']);
  else if (number !== 0) yield* checkPortNumber(number, [...port, 'number']);
  else if (!['name', 'number'].some((field) => ingress.isPruned([...port, field])))
    yield { ...missingField(port, 'number'), help: 'Set the number or the name of a port of the Service.' };
}

/** A reference to an object of any kind (validateIngressTypedLocalObjectReference). */
function* checkReference(
  object: Ingress | IngressClass,
  { apiGroup, kind, name }: Incomplete<TypedLocalObjectReference>,
  path: FieldPath,
): Iterable<Finding> {
  if (apiGroup !== undefined) yield* checkName(dnsSubdomain, apiGroup, [...path, 'apiGroup']);
  for (const [field, value] of Object.entries({ kind, name })) {
    yield* checkFilled(object, value, path, field);
    if (value !== undefined) yield* checkPathSegment(value, [...path, field]);
  }
}

const MAX_CONTROLLER_LENGTH = 250;

/** The part of a controller's name after the domain: a path of a URL (httpPathFmt in util/validation). */
const urlPath = /^(?:[A-Za-z0-9/\-._~!$&'()*+,;=:]|%[0-9A-Fa-f]{2})+$/;

/** Checks an IngressClass (ValidateIngressClass). */
export function* checkIngressClass(ingressClass: IngressClass): Iterable<Finding> {
  const { controller, parameters } = ingressClass.value.spec ?? {};
  if (controller !== undefined) yield* checkController(controller, ['spec', 'controller']);
  if (parameters !== undefined) yield* checkParameters(ingressClass, parameters, ['spec', 'parameters']);
}

function* checkController(controller: string, path: FieldPath): Iterable<Finding> {
  const slash = controller.indexOf('/');
  const [domain, rest] = [controller.slice(0, Math.max(slash, 0)), controller.slice(slash + 1)];
  const bytes = Buffer.byteLength(controller);
  if (bytes > MAX_CONTROLLER_LENGTH)
    yield {
      code: 'invalid-name',
      path,
      message: `must have at most ${MAX_CONTROLLER_LENGTH} bytes, got ${bytes}`,
    };
  else if (domain === '' || nameProblem(dnsSubdomain, domain) !== undefined || !urlPath.test(rest))
    yield {
      code: 'invalid-name',
      path,
      message: `'${controller}' is not a domain and a path`,
      help: 'Write it like example.com/ingress-controller.',
    };
}

function* checkParameters(
  ingressClass: IngressClass,
  reference: Incomplete<IngressClassParametersReference>,
  path: FieldPath,
): Iterable<Finding> {
  const { scope = 'Cluster', namespace } = reference;
  yield* checkReference(ingressClass, reference, path);
  if (ingressClass.isPruned([...path, 'scope'])) return;
  const place = [...path, 'namespace'];
  if (scope === 'Cluster' && namespace !== undefined) yield forbiddenField(place, "the scope is 'Cluster'");
  else if (scope === 'Namespace' && namespace === undefined && !ingressClass.isPruned(place))
    yield { ...missingField(path, 'namespace'), help: "The scope 'Namespace' needs the name of one." };
  else if (namespace !== undefined) yield* checkName(dnsLabel, namespace, place);
}
