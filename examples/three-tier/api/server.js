// A list of notes in PostgreSQL: GET /api/notes, POST /api/notes.
const http = require('node:http');
const os = require('node:os');
const { database } = require('./postgres.js');

const { PGHOST: host, PGUSER: user, PGPASSWORD: password, PGDATABASE: name } = process.env;
const query = database({ host, user, password, database: name });
const noteOf = ([id, text]) => ({ id: Number(id), text });

const routes = {
  'GET /healthz': async () => ({ healthy: true }),
  'GET /ready': async () => ({ notes: Number(await query('SELECT count(*) FROM notes')) }),
  'GET /api/notes': async () => (await query('SELECT id, text FROM notes ORDER BY id')).map(noteOf),
  'POST /api/notes': async (text) =>
    noteOf((await query('INSERT INTO notes (text) VALUES ($1) RETURNING id, text', text))[0]),
};

const server = http.createServer(async (request, response) => {
  response.setHeader('X-Served-By', os.hostname());
  response.setHeader('Content-Type', 'application/json');
  const route = routes[`${request.method} ${request.url}`];
  if (route === undefined) return response.writeHead(404).end('{"error":"not found"}\n');
  try {
    let body = '';
    for await (const chunk of request) body += chunk;
    response.end(`${JSON.stringify(await route(body))}\n`);
  } catch (error) {
    console.error(`${request.method} ${request.url}: ${error.message}`);
    response.writeHead(503).end('{"error":"the database does not answer"}\n');
  }
});

server.listen(8080, () => console.log('listening on port 8080'));
process.on('SIGTERM', () => process.exit(0));
