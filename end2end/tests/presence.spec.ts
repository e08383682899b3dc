import { expect, test } from './support/test';

test('presence rises and falls with tabs', async ({ cluster, newVisitor }) => {
  const [watcher, guest] = [await newVisitor(), await newVisitor()];
  const page = await watcher.open('ord');
  await expect(page.cell('fra', 'people')).toHaveText('0');

  const tab = await guest.open('fra');
  await expect(page.cell('fra', 'people')).toHaveText('1');
  await expect.poll(() => cluster.world('syd')).toMatchObject({ people: 2, connections: 2 });

  await tab.page.close();
  await expect(page.cell('fra', 'people')).toHaveText('0');
  await expect.poll(() => cluster.world('syd')).toMatchObject({ people: 1, connections: 1 });
});

test('tabs of one browser are one person, other browsers are others', async ({
  cluster,
  newVisitor,
}) => {
  const [one, other] = [await newVisitor(), await newVisitor()];
  const fra = async () => cluster.region('ord', 'fra');

  const first = await one.open('fra');
  const second = await one.open('fra');
  await expect.poll(fra).toMatchObject({ people: 1, connections: 2 });
  await expect(first.cell('fra', 'people')).toHaveText('1');

  await other.open('fra');
  await expect.poll(fra).toMatchObject({ people: 2, connections: 3 });
  await expect(first.cell('fra', 'people')).toHaveText('2');

  await second.page.close();
  await expect.poll(fra).toMatchObject({ people: 2, connections: 2 });

  await other.context.close();
  await expect.poll(fra).toMatchObject({ people: 1, connections: 1 });
  await expect(first.cell('fra', 'people')).toHaveText('1');
});

test('a reload leaves nobody behind', async ({ cluster, visitor }) => {
  const page = await visitor.open('ord');

  for (let times = 0; times < 3; times++) {
    await page.load();
    await page.is('live');
  }

  await expect.poll(() => cluster.world('fra')).toMatchObject({ people: 1, connections: 1 });
});

test('a person who leaves and comes back is there again', async ({ cluster, visitor }) => {
  const page = await visitor.open('ord');
  await page.click(1);
  await page.shows(1);

  await page.page.goto('about:blank');
  await expect.poll(() => cluster.world('fra')).toMatchObject({ people: 0, connections: 0 });
  await page.page.goBack();

  await page.is('live');
  await expect.poll(() => cluster.world('fra')).toMatchObject({ people: 1, connections: 1 });
  await page.shows(1);
});
