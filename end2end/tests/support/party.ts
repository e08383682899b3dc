// Parties as programs join them.

/** Joins a party as a program and sends these chat messages. */
export async function sendMessages(server: string, code: string, texts: string[]): Promise<void> {
  const device_id = `${code}-secret-device-id`;
  const post = async (path: string, body: object) => {
    const headers = { 'Content-Type': 'application/json' };
    const url = `${server}/parties/${code}/${path}`;
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  };
  await post('participants', { device_id, participant_name: 'Robin' });
  for (const message of texts) await post('messages', { device_id, message });
}
