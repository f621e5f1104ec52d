// Requests of a server, each on a connection of its own, one after another.
//
//   node bench/client.cjs REQUESTS PORT ADDRESS
const { get } = require('node:http');

const [requests, port, host] = process.argv.slice(2);

function request() {
  return new Promise((resolve, reject) => {
    get({ host, port, agent: false }, (response) => {
      response.resume();
      response.once('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`${host}:${port} answered ${response.statusCode}`));
      });
    }).once('error', reject);
  });
}

async function run() {
  for (let done = 0; done < Number(requests); done += 1) await request();
}

run().catch((error) => {
  console.error(error);
  process.exit(1);
});
