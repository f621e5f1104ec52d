import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiVersionOf, type Kind } from '../../../src/manifest/kinds.ts';
import { codesOf } from './object-findings.ts';

type Fields = Readonly<Record<string, unknown>>;

const selector = { matchLabels: { team: 'a' } };
const pods = { apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE'] };
const subject = { kind: 'ServiceAccount', serviceAccount: { name: 'a', namespace: '*' } };
const webhook = {
  name: 'pods.example.com',
  admissionReviewVersions: ['v1'],
  clientConfig: { service: { name: 'hook', namespace: 'a', path: '/x', port: 443 }, caBundle: 'Cg==' },
  rules: [{ ...pods, scope: 'Namespaced' }],
  sideEffects: 'None',
  failurePolicy: 'Ignore',
  matchConditions: [{ name: 'a', expression: 'true' }],
  namespaceSelector: selector,
  timeoutSeconds: 5,
};
const policy = {
  failurePolicy: 'Fail',
  matchConstraints: { resourceRules: [pods], matchPolicy: 'Equivalent' },
  variables: [{ name: 'a', expression: '1' }],
};
const device = {
  name: 'gpu-0',
  attributes: { model: { string: 'a' }, cores: { int: 4 } },
  capacity: { memory: {} },
};
const claim = {
  devices: {
    requests: [{ name: 'gpu', exactly: { deviceClassName: 'gpu', count: 2, allocationMode: 'ExactCount' } }],
    constraints: [{ requests: ['gpu'], matchAttribute: 'example.com/model' }],
    config: [
      { requests: ['gpu'], opaque: { driver: 'gpu.example.com', parameters: { kind: 'A', any: [1] } } },
    ],
  },
};
const openAPIV3Schema = {
  type: 'object',
  required: ['spec'],
  properties: {
    spec: {
      type: 'object',
      'x-kubernetes-validations': [{ rule: 'self.size > 0', message: 'must be more than 0' }],
      properties: {
        size: { type: 'integer', format: 'int32', minimum: 1, maximum: 10.5, default: 1 },
        mode: { type: 'string', enum: ['a', 'b'], default: 'a', pattern: '^[ab]$' },
        port: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] },
        any: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, nullable: true },
        map: { type: 'object', additionalProperties: { type: 'string' } },
        list: {
          type: 'array',
          items: { type: 'object', properties: { a: { type: 'boolean', default: false } } },
        },
      },
    },
  },
};

/** An object of each kind that is checked by its schema and metadata alone, as an API server takes it. */
const objects: readonly (readonly [Kind, Fields])[] = [
  ['APIService', { spec: { group: 'a.b', version: 'v1', groupPriorityMinimum: 100, versionPriority: 10 } }],
  ['CSINode', {}],
  [
    'CSINode',
    { spec: { drivers: [{ name: 'csi.a.b', nodeID: 'n', topologyKeys: ['a'], allocatable: { count: 1 } }] } },
  ],
  [
    'CSIStorageCapacity',
    { storageClassName: 'fast', capacity: '10Gi', maximumVolumeSize: 5, nodeTopology: selector },
  ],
  [
    'CertificateSigningRequest',
    {
      spec: {
        request: 'LS0tCg==',
        signerName: 'kubernetes.io/kube-apiserver-client',
        usages: ['client auth'],
        extra: { a: ['b'] },
      },
      status: { conditions: [{ type: 'Approved', reason: 'A' }] },
    },
  ],
  ['ClusterTrustBundle', { spec: { signerName: 'a.b/c', trustBundle: '-----BEGIN CERTIFICATE-----\n' } }],
  [
    'CustomResourceDefinition',
    {
      metadata: {
        name: 'apps.example.com',
        annotations: { 'controller-gen.kubebuilder.io/version': 'v0.16.1' },
      },
      spec: {
        group: 'example.com',
        scope: 'Namespaced',
        names: { kind: 'App', listKind: 'AppList', plural: 'apps', singular: 'app', shortNames: ['ap'] },
        conversion: {
          strategy: 'Webhook',
          webhook: { clientConfig: { url: 'https://a' }, conversionReviewVersions: ['v1'] },
        },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: { openAPIV3Schema },
            subresources: {
              status: {},
              scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.size' },
            },
            additionalPrinterColumns: [
              { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
            ],
          },
          {
            name: 'v1beta1',
            schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          },
        ],
      },
      status: { acceptedNames: { kind: '', plural: '' }, conditions: [{ type: 'A' }], storedVersions: [] },
    },
  ],
  ['DeviceClass', {}],
  ['DeviceClass', { spec: { selectors: [{ cel: { expression: 'true' } }], config: [] } }],
  [
    'DeviceTaintRule',
    { spec: { deviceSelector: { driver: 'a.b' }, taint: { key: 'a', effect: 'NoExecute' } } },
  ],
  [
    'Event',
    { involvedObject: { kind: 'Pod', name: 'a' }, reason: 'A', type: 'Normal', count: 1, eventTime: null },
  ],
  [
    'FlowSchema',
    {
      spec: {
        priorityLevelConfiguration: { name: 'a' },
        distinguisherMethod: { type: 'ByUser' },
        rules: [
          {
            subjects: [subject, { kind: 'Group', group: { name: 'g' } }],
            resourceRules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'], clusterScope: true }],
            nonResourceRules: [{ nonResourceURLs: ['*'], verbs: ['*'] }],
          },
        ],
      },
      status: { conditions: [{ type: 'Dangling' }] },
    },
  ],
  [
    'IPAddress',
    {
      metadata: { name: '192.0.2.1' },
      spec: { parentRef: { resource: 'services', name: 'a', namespace: 'b' } },
    },
  ],
  [
    'MutatingAdmissionPolicy',
    {
      spec: {
        ...policy,
        reinvocationPolicy: 'Never',
        mutations: [{ patchType: 'ApplyConfiguration', applyConfiguration: { expression: 'Object{}' } }],
      },
    },
  ],
  [
    'MutatingAdmissionPolicyBinding',
    { spec: { policyName: 'a', matchResources: { namespaceSelector: selector } } },
  ],
  ['MutatingWebhookConfiguration', { webhooks: [{ ...webhook, reinvocationPolicy: 'IfNeeded' }] }],
  [
    'PriorityLevelConfiguration',
    {
      spec: {
        type: 'Limited',
        limited: {
          nominalConcurrencyShares: 0,
          limitResponse: { type: 'Queue', queuing: { queues: 64, handSize: 6 } },
        },
      },
    },
  ],
  ['ResourceClaim', {}],
  [
    'ResourceClaim',
    {
      spec: claim,
      status: {
        reservedFor: [{ name: 'a' }],
        devices: [{ pool: 'a' }],
        allocation: { devices: { results: [{}] } },
      },
    },
  ],
  ['ResourceClaimTemplate', {}],
  ['ResourceClaimTemplate', { spec: { metadata: { labels: { a: 'b' } }, spec: claim } }],
  [
    'ResourceSlice',
    {
      spec: {
        driver: 'gpu.example.com',
        nodeName: 'n',
        pool: { name: 'n', resourceSliceCount: 1 },
        devices: [
          {
            ...device,
            consumesCounters: [{ counterSet: 'a', counters: { b: {} } }],
            taints: [{ key: 'a', effect: 'None' }],
          },
        ],
      },
    },
  ],
  [
    'ServiceCIDR',
    { spec: { cidrs: ['10.96.0.0/12'] }, status: { conditions: [{ type: 'Ready', status: 'True' }] } },
  ],
  ['StorageVersionMigration', { spec: { resource: { resource: 'secrets' } } }],
  [
    'ValidatingAdmissionPolicy',
    {
      spec: {
        ...policy,
        paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
        validations: [{ expression: 'true', message: 'a', reason: 'Invalid' }],
        auditAnnotations: [{ key: 'a', valueExpression: '"b"' }],
      },
      status: { typeChecking: { expressionWarnings: [{}] } },
    },
  ],
  [
    'ValidatingAdmissionPolicyBinding',
    {
      spec: {
        policyName: 'a',
        validationActions: ['Deny'],
        paramRef: { name: 'a', parameterNotFoundAction: 'Allow' },
      },
    },
  ],
  ['ValidatingWebhookConfiguration', { webhooks: [webhook] }],
  [
    'VolumeAttachment',
    { spec: { attacher: 'csi.a.b', nodeName: 'n', source: { persistentVolumeName: 'pv' } }, status: {} },
  ],
  ['VolumeAttributesClass', { driverName: 'csi.a.b', parameters: { iops: '100' } }],
];

for (const [kind, fields] of objects)
  test(`${kind} with ${Object.keys(fields).join(', ') || 'metadata alone'}`, () => {
    const object = { apiVersion: apiVersionOf(kind), kind, metadata: { name: 'a' }, ...fields };
    assert.deepEqual(codesOf(object), []);
    assert.deepEqual(codesOf({ ...object, notAField: 1 }), [' [unknown-field]']);
  });
