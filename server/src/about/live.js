// Keeps the picture live, by docs/protocol.md. Inline in the page, which has no other code.
(() => {
  const [star, you, told] = ['star', 'you', 'about-state'].map((id) => document.getElementById(id));
  const [list, blank, [label, detail]] = [star.querySelector('ul'), star.querySelector('template'), told.children];
  const session = crypto.getRandomValues(new Uint32Array(4)).join('-');
  const itemOf = (region) => [...list.children].find(({ dataset }) => dataset.region === region);
  let [own, epoch, rev, tries, ticks] = ['', Number(star.dataset.epoch), Number(star.dataset.rev), 0, 0];
  // When the numbers were current, by this browser's clock, and why they no longer are.
  let [current, why] = [performance.now() - star.dataset.age, 'not connected yet.'];

  const put = ({ code, city, ...numbers }) => {
    const item = itemOf(code) ?? blank.content.firstElementChild.cloneNode(true);
    const part = (name) => item.querySelector(`[data-of="${name}"]`);
    if (!item.isConnected) {
      [item.dataset.region, part('city').textContent, part('code').textContent] = [code, city, code];
      list.insertBefore(item, [...list.children].find(({ dataset }) => dataset.region > code) ?? null);
    }
    const grouped = (name) => [part(name), numbers[name].toLocaleString('en').replace('-', '−')];
    const changed = ['people', 'instances', 'clicks'].map(grouped).filter(([{ textContent }, text]) => textContent !== text);
    for (const [cell, text] of changed) cell.textContent = text;
    // Another value begins the animation anew.
    if (changed.length) item.dataset.pulse = 1 - (item.dataset.pulse ?? 0);
    part('gone').hidden = numbers.instances > 0;
    if (!numbers.instances && !numbers.clicks) item.remove();
  };
  const tell = (state = label.textContent) => {
    const seconds = Math.max(Math.round((performance.now() - current) / 1000), 0);
    const age = seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
    if (label.textContent !== state) label.textContent = state;
    detail.textContent = why ? `Numbers are ${age} old: ${why}` : 'Numbers update live.';
  };
  const hear = {
    welcome: ({ region, instance }) => {
      [own, tries, ticks, you.querySelector('code').textContent] = [region, 0, 0, instance];
    },
    state: ({ topic, state }) => {
      if (topic !== 'world') return;
      // A server may be behind what is shown.
      if (state.epoch > epoch || (state.epoch === epoch && state.rev >= rev)) {
        [epoch, rev] = [state.epoch, state.rev];
        const isGone = ({ dataset }) => state.full && !state.regions.some(({ code }) => code === dataset.region);
        for (const item of [...list.children].filter(isGone)) item.remove();
        state.regions.forEach(put);
      }
      const home = itemOf(own) ?? star;
      if (home !== you.parentElement) home.append(you);
      [current, why] = [performance.now() - state.age_ms, state.age_ms ? 'the servers can’t reach Redis.' : ''];
      tell(why ? 'Delayed' : 'Live');
    },
  };
  const connect = () => {
    const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/live`);
    let [beat_ms, silence] = [4_000, 0];
    const end = ({ code }) => {
      clearTimeout(silence);
      socket.onclose = socket.onmessage = null;
      socket.close();
      if (code === 4509) return location.reload();
      const isOver = code >= 4400 && code < 4500;
      why = isOver ? 'the server closed the connection. Reload the page.' : 'the connection is lost. Trying again…';
      tell('Not live');
      if (!isOver) setTimeout(connect, 200 + Math.random() * Math.min(2_000 * 2 ** tries++, 15_000));
    };
    socket.onopen = () => socket.send(JSON.stringify({ type: 'hello', version: Number(star.dataset.version), session }));
    socket.onclose = end;
    socket.onmessage = ({ data }) => {
      const frame = JSON.parse(data);
      // A dead line is never closed: it is only silent.
      clearTimeout(silence);
      silence = setTimeout(end, 3 * (beat_ms = frame.beat_ms || beat_ms), {});
      if (!why) current = performance.now();
      hear[frame.type]?.(frame);
    };
    silence = setTimeout(end, 3 * beat_ms, {});
  };
  setInterval(async () => {
    tell();
    if (why || document.hidden || ticks++ % 5) return;
    const sent = performance.now();
    const answer = await fetch('/ping', { cache: 'no-store' }).catch(() => null);
    const ms = Math.round(performance.now() - sent);
    if (answer) you.querySelector('span').textContent = `Latency: ${ms < 1 ? 'under 1' : ms} ms.`;
  }, 1_000);
  connect();
})();
