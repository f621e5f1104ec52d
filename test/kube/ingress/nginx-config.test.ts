import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nginxConfig } from '../../../src/kube/ingress/nginx-config.ts';
import { inPrecedence, routeOf, type ProxyRules } from '../../../src/kube/ingress/proxy-rules.ts';

/** The part of the configuration with the rules. */
function sites(rules: ProxyRules): string {
  const config = nginxConfig(rules);
  return config.slice(config.indexOf('  map $uri $target_0'));
}

test('without rules, every request is answered with 404', () => {
  assert.equal(
    sites({ sites: [] }),
    `  map $uri $target_0 {
    default "";
  }
  server {
    listen 8080 default_server;
    location / {
      if ($target_0 = "") {
        return 404;
      }
      if ($target_0 = "unavailable") {
        return 503;
      }
      proxy_pass http://$target_0;
    }
  }
}
`,
  );
});

test('a host with TLS: paths in their order, and no handshake for other hosts', () => {
  const routes = inPrecedence([
    routeOf('Prefix', '/', 'web:80'),
    routeOf('Prefix', '/api/', 'api:8080'),
    routeOf('Exact', '/api', 'exact:80'),
  ]);
  assert.equal(
    sites({ sites: [{ host: 'Shop.localhost', routes, certificate: '/tls', fallback: 'other:80' }] }),
    `  map $uri $target_0 {
    default "";
  }
  server {
    listen 8080 default_server;
    listen 8443 ssl default_server;
    ssl_reject_handshake on;
    location / {
      if ($target_0 = "") {
        return 404;
      }
      if ($target_0 = "unavailable") {
        return 503;
      }
      proxy_pass http://$target_0;
    }
  }

  map $uri $target_1 {
    default "other:80";
    "~^/api$" "exact:80";
    "~^/api(/|$)" "api:8080";
    "~^(/|$)" "web:80";
  }
  server {
    listen 8080;
    listen 8443 ssl;
    ssl_certificate /tls/tls.crt;
    ssl_certificate_key /tls/tls.key;
    server_name shop.localhost;
    location / {
      if ($target_1 = "") {
        return 404;
      }
      if ($target_1 = "unavailable") {
        return 503;
      }
      proxy_pass http://$target_1;
    }
  }
}
`,
  );
});

test('a wildcard is one label, after the exact hosts', () => {
  const config = nginxConfig({
    sites: [
      { host: '*.example.com', routes: [] },
      { host: 'a.example.com', routes: [] },
    ],
  });
  assert.match(config, /server_name "~\^\[\^\.\]\+\\\.example\\\.com\$";/);
  assert.match(config, /server_name a\.example\.com;/);
});

test('characters of regular expressions and of nginx in a path are only themselves', () => {
  const config = nginxConfig({
    sites: [{ host: '', routes: [routeOf('Exact', '/a.b"; } ü$1(x|y)', 'web:80')] }],
  });
  assert.match(config, /"~\^\/a\\\.b\\x22\\x3b\\x20\\x7d\\x20\\xc3\\xbc\\x241\\x28x\\x7cy\\x29\$" "web:80";/);
});
