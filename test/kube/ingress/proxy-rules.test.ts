import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nginxConfig } from '../../../src/kube/ingress/nginx-config.ts';
import { inPrecedence, routeOf } from '../../../src/kube/ingress/proxy-rules.ts';

type Path = readonly [pathType: string, path: string];

/** The target of a path by the patterns of the configuration, which are regular expressions of JavaScript, too. */
function targetOf(paths: readonly Path[], request: string): string {
  const routes = inPrecedence(paths.map(([type, path]) => routeOf(type, path, `${type} ${path}`)));
  const config = nginxConfig({ sites: [{ host: '', routes }] });
  const patterns = [...config.matchAll(/^ {4}"~(.*)" "(.*)";$/gm)];
  return patterns.find(([, pattern = '']) => new RegExp(pattern).test(request))?.[2] ?? 'none';
}

// https://kubernetes.io/docs/concepts/services-networking/ingress/#examples
for (const [paths, request, expected] of [
  [[['Prefix', '/']], '/any/path', 'Prefix /'],
  [[['Exact', '/foo']], '/foo', 'Exact /foo'],
  [[['Exact', '/foo']], '/bar', 'none'],
  [[['Exact', '/foo']], '/foo/', 'none'],
  [[['Exact', '/foo/']], '/foo', 'none'],
  [[['Exact', '/foo/']], '/foo/', 'Exact /foo/'],
  [[['Prefix', '/foo']], '/foo', 'Prefix /foo'],
  [[['Prefix', '/foo']], '/foo/', 'Prefix /foo'],
  [[['Prefix', '/foo/']], '/foo', 'Prefix /foo/'],
  [[['Prefix', '/foo/']], '/foo/', 'Prefix /foo/'],
  [[['Prefix', '/aaa/bb']], '/aaa/bbb', 'none'],
  [[['Prefix', '/aaa/bbb']], '/aaa/bbb', 'Prefix /aaa/bbb'],
  [[['Prefix', '/aaa/bbb/']], '/aaa/bbb', 'Prefix /aaa/bbb/'],
  [[['Prefix', '/aaa/bbb']], '/aaa/bbb/ccc', 'Prefix /aaa/bbb'],
  [[['Prefix', '/aaa/bbb']], '/aaa/bbbxyz', 'none'],
  [
    [
      ['Prefix', '/'],
      ['Prefix', '/aaa'],
    ],
    '/aaa/ccc',
    'Prefix /aaa',
  ],
  [
    [
      ['Prefix', '/'],
      ['Prefix', '/aaa'],
      ['Prefix', '/aaa/bbb'],
    ],
    '/aaa/bbb',
    'Prefix /aaa/bbb',
  ],
  [
    [
      ['Prefix', '/'],
      ['Prefix', '/aaa'],
    ],
    '/ccc',
    'Prefix /',
  ],
  [
    [
      ['Prefix', '/foo'],
      ['Exact', '/foo'],
    ],
    '/foo',
    'Exact /foo',
  ],
  [[['ImplementationSpecific', '/foo']], '/foo/bar', 'ImplementationSpecific /foo'],
  [[['Prefix', '/foo']], '/FOO', 'none'],
] as const)
  test(`${paths.map((path) => path.join(' ')).join(', ')}: ${request} goes to ${expected}`, () => {
    assert.equal(targetOf(paths, request), expected);
  });
