// A client of PostgreSQL without dependencies, so that the image can be built without a registry: one connection, opened again
// after an error, with the password by SCRAM-SHA-256 (https://www.postgresql.org/docs/15/protocol.html).
const { createHash, createHmac, pbkdf2Sync, randomBytes } = require('node:crypto');
const { connect } = require('node:net');

const sha256 = (data) => createHash('sha256').update(data).digest();
const hmac = (key, data) => createHmac('sha256', key).update(data).digest();
const text = (value) => Buffer.from(`${value}\0`);
const int16 = (value) => Buffer.from([value >> 8, value & 255]);
const int32 = (value) => Buffer.from([value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255]);

function message(type, ...parts) {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
}

/** The messages of the server, one after another. */
async function* messagesOf(socket) {
  let rest = Buffer.alloc(0);
  for await (const chunk of socket) {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 5 && rest.length > rest.readInt32BE(1)) {
      const end = rest.readInt32BE(1) + 1;
      yield { type: String.fromCharCode(rest[0]), body: rest.subarray(5, end) };
      rest = rest.subarray(end);
    }
  }
  throw new Error('the database has closed the connection');
}

function problemIn(body) {
  const fields = body.toString().split('\0');
  return new Error(fields.find((field) => field.startsWith('M'))?.slice(1) ?? 'unknown error');
}

/** The answer to the server's part of SCRAM: the proof that this side knows the password. */
function proofOf(password, nonce, challenge) {
  const { r, s, i } = Object.fromEntries(challenge.split(',').map((part) => [part[0], part.slice(2)]));
  const salted = pbkdf2Sync(password, Buffer.from(s, 'base64'), Number(i), 32, 'sha256');
  const key = hmac(salted, 'Client Key');
  const without = `c=biws,r=${r}`;
  const signature = hmac(sha256(key), `n=,r=${nonce},${challenge},${without}`);
  return `${without},p=${Buffer.from(key.map((byte, index) => byte ^ signature[index])).toString('base64')}`;
}

async function open({ host, user, password, database }) {
  const socket = connect({ host, port: 5432, timeout: 5000 });
  socket.on('timeout', () => socket.destroy(new Error('the database does not answer')));
  const settings = ['user', user, 'database', database, ''].map(text);
  const startup = Buffer.concat([int32(196608), ...settings]);
  socket.write(Buffer.concat([int32(startup.length + 4), startup]));
  const messages = messagesOf(socket);
  const nonce = randomBytes(18).toString('base64');
  for (;;) {
    const { type, body } = (await messages.next()).value;
    if (type === 'E') throw problemIn(body);
    if (type === 'Z') break;
    const step = type === 'R' ? body.readInt32BE(0) : 0;
    if (step === 10) {
      const first = Buffer.from(`n,,n=,r=${nonce}`);
      socket.write(message('p', text('SCRAM-SHA-256'), int32(first.length), first));
    }
    if (step === 11)
      socket.write(message('p', Buffer.from(proofOf(password, nonce, body.subarray(4).toString()))));
  }
  socket.setTimeout(0);
  return { socket, messages };
}

/** The rows of a query, as lists of texts. */
async function ask({ socket, messages }, sql, values) {
  const words = values.flatMap((value) => [int32(Buffer.byteLength(value)), Buffer.from(value)]);
  socket.write(
    Buffer.concat([
      message('P', text(''), text(sql), int16(0)),
      message('B', text(''), text(''), int16(0), int16(values.length), ...words, int16(0)),
      message('E', text(''), int32(0)),
      message('S'),
    ]),
  );
  const rows = [];
  let problem;
  for (;;) {
    const { type, body } = (await messages.next()).value;
    if (type === 'D') rows.push(rowOf(body));
    if (type === 'E') problem = problemIn(body);
    if (type !== 'Z') continue;
    if (problem !== undefined) throw problem;
    return rows;
  }
}

function rowOf(body) {
  let at = 2;
  return Array.from({ length: body.readInt16BE(0) }, () => {
    const start = at + 4;
    at = start + body.readInt32BE(at);
    return body.toString('utf8', start, at);
  });
}

/** A function that runs one query after another. */
exports.database = (settings) => {
  let connection;
  let last = Promise.resolve();
  return (sql, ...values) => {
    const result = last.then(async () => {
      try {
        connection ??= await open(settings);
        return await ask(connection, sql, values);
      } catch (error) {
        connection?.socket.destroy();
        connection = undefined;
        throw error;
      }
    });
    last = result.catch(() => {});
    return result;
  };
};
