// Parties as programs join them.

/** Sends a request of a program's to a party; it must succeed. */
async function post(server: string, code: string, path: string, body: object): Promise<void> {
  const headers = { 'Content-Type': 'application/json' };
  const url = `${server}/parties/${code}/${path}`;
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
}

/** Joins a party as a program, under that name and the name's own device. */
export async function joinParty(server: string, code: string, name: string): Promise<string> {
  const device_id = `${code}-secret-device-id-${name.replace(' ', '-')}`;
  await post(server, code, 'participants', { device_id, participant_name: name });
  return device_id;
}

/** Joins a party as a program and sends these chat messages. */
export async function sendMessages(server: string, code: string, texts: string[]): Promise<void> {
  const device_id = await joinParty(server, code, 'Robin');
  for (const message of texts) await post(server, code, 'messages', { device_id, message });
}
