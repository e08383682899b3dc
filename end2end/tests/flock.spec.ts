import { expect, test } from './support/test';

test('there is a bird for each visitor, and they rest when told to', async ({ newVisitor }, info) => {
  const page = await (await newVisitor({ reducedMotion: 'no-preference' })).open('ord');
  const flock = page.page.locator('canvas.sky__flock');
  await expect(flock).toHaveAttribute('data-birds', '1');
  const other = await (await newVisitor()).open('fra');
  await expect(flock).toHaveAttribute('data-birds', '2');

  const drawn = () => flock.evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  const before = await drawn();
  expect(before.length).toBeGreaterThan(1_000);
  await expect.poll(drawn).not.toBe(before);
  await page.page.screenshot({ path: info.outputPath('flock.png') });

  await page.page.getByRole('button', { name: 'Pause the birds' }).click();
  await page.page.evaluate(() => new Promise((next) => requestAnimationFrame(next)));
  const resting = await drawn();
  for (let frame = 0; frame < 10; frame++) {
    await page.page.evaluate(() => new Promise((next) => requestAnimationFrame(next)));
  }
  expect(await drawn()).toBe(resting);
  await page.page.reload();
  await expect(page.page.getByRole('button', { name: 'Let the birds fly' })).toBeVisible();

  await other.page.close();
  await expect(flock).toHaveAttribute('data-birds', '1');
});

test('with reduced motion nothing flies, and figures are shown all the same', async ({ newVisitor }) => {
  const page = await (await newVisitor({ reducedMotion: 'reduce' })).open('ord');

  await page.more.click();

  await expect(page.elsewhere).toHaveText(/ ms$/);
  await expect(page.page.locator('#flights text:visible').first()).toBeVisible();
  await expect(page.page.locator('#flights path:visible')).toHaveCount(0);
  await expect(page.page.locator('canvas')).toHaveCount(0);
});
