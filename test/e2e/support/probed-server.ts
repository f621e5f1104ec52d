import { TEST_CERTIFICATE, TEST_KEY } from './certificate.ts';

/**
 * A program for node: HTTPS at 8443 with a certificate that nobody trusts, the gRPC health service at 9000, and TCP at 7000
 * and 7001. At 8080 it takes its orders: `/https/503` sets the status of HTTPS, `/grpc/2` that of the health service,
 * `/close/7000` and `/open/7000` concern a TCP port. It begins in good health, and so it does after a restart.
 */
export const PROBED_SERVER = `
  let status = 200, health = 1;
  const [key, cert] = [${JSON.stringify(TEST_KEY)}, ${JSON.stringify(TEST_CERTIFICATE)}];
  require('https').createServer({ key, cert }, (_, response) => response.writeHead(status).end()).listen(8443);

  require('http2').createServer().on('stream', (stream, headers) => {
    const isCheck = headers[':path'] === '/grpc.health.v1.Health/Check';
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': isCheck ? '0' : '12' }));
    stream.end(Buffer.of(0, 0, 0, 0, 2, 8, health));
  }).listen(9000);

  const open = (port) => require('net').createServer((socket) => socket.end()).listen(port);
  const tcp = { 7000: open(7000), 7001: open(7001) };
  const orders = {
    https: (value) => { status = value; },
    grpc: (value) => { health = value; },
    close: (port) => { tcp[port].close(); },
    open: (port) => { tcp[port] = open(port); },
  };
  require('http').createServer(({ url }, response) => {
    const [, order, value] = url.split('/');
    orders[order]?.(Number(value));
    response.end();
  }).listen(8080);
`;
