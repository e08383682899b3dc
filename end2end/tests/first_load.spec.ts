import { expect, test, written } from './support/test';

test.describe('without JavaScript', () => {
  test('the page shows every region with its numbers in full', async ({ cluster, newVisitor }) => {
    const watcher = await newVisitor();
    await watcher.open('fra');
    await cluster.click('ord', 1_204);
    await cluster.click('syd', -3);
    await expect.poll(() => cluster.world('fra')).toMatchObject({ clicks: 1_201, people: 1 });

    const reader = await newVisitor({ javaScriptEnabled: false });
    const page = await reader.tab('fra');
    await page.load();

    await page.shows(1_201);
    await page.is('rendered');
    const rows = [
      { code: 'fra', city: 'Frankfurt', clicks: '0', people: '1' },
      { code: 'ord', city: 'Chicago', clicks: '1,204', people: '0' },
      { code: 'syd', city: 'Sydney', clicks: '−3', people: '0' },
    ];
    for (const { code, city, clicks, people } of rows) {
      await expect(page.row(code).getByRole('rowheader')).toContainText(code);
      await expect(page.row(code).getByRole('rowheader')).toContainText(city);
      await expect(page.cell(code, 'clicks')).toHaveText(clicks);
      await expect(page.cell(code, 'people')).toHaveText(people);
      await expect(page.cell(code, 'instances')).toHaveText('1');
    }
    await expect(page.regions.locator('tbody').getByRole('row')).toHaveCount(3);
  });

  test('any region answers with the same regions', async ({ cluster }) => {
    await cluster.click('ord', 7);

    for (const place of ['ord', 'fra', 'syd']) {
      await expect.poll(() => cluster.world(place)).toMatchObject({ clicks: 7 });
      const html = await (await fetch(cluster.url(place))).text();
      for (const code of ['fra', 'ord', 'syd']) {
        expect(html).toContain(`data-region="${code}"`);
      }
    }
  });

  test('plus and minus count, and the next page shows it at once', async ({ newVisitor }) => {
    const visitor = await newVisitor({ javaScriptEnabled: false });
    const page = await visitor.tab('syd');
    await page.load();

    for (const total of [1, 2, 3, 4]) {
      await page.more.click();
      // This waits for the next page alone: without JavaScript none changes by itself.
      await page.shows(total);
    }
    await page.less.click();

    await page.shows(3);
    await expect(page.cell('syd', 'clicks')).toHaveText(written(3));
  });
});
