// Mail as programs send and read it.

/** A letter as `GET /api/messages` tells it. */
export interface Letter {
  id: string;
  to: string;
  from: string;
  message: string;
  sent_at: string;
  verified: boolean;
}

/** A request that must succeed. */
async function call<T>(url: string, init?: RequestInit): Promise<T> {
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

function post<T>(url: string, body: object): Promise<T> {
  const headers = { 'Content-Type': 'application/json' };
  return call(url, { method: 'POST', headers, body: JSON.stringify(body) });
}

/** Sends letters one after the other from an address that nobody has claimed. */
export async function sendLetters(
  server: string,
  from: string,
  to: string,
  texts: string[],
): Promise<void> {
  for (const message of texts) await post(`${server}/api/messages`, { message, to, from });
}

/** A mailbox that a program has claimed. */
export class Mailbox {
  private constructor(
    private readonly server: string,
    readonly address: string,
    private readonly token: string,
  ) {}

  /** Claims a free address. */
  static async claim(server: string, address: string): Promise<Mailbox> {
    const { token } = await post<{ token: string }>(`${server}/api/addresses`, { address });
    return new Mailbox(server, address, token);
  }

  /** What came, oldest first. */
  async texts(): Promise<string[]> {
    const url = `${this.server}/api/messages?limit=200&address=${this.address}`;
    const headers = { Authorization: `Bearer ${this.token}` };
    const { messages } = await call<{ messages: Letter[] }>(url, { headers });
    return messages.map(({ message }) => message);
  }
}
