import { expect, it } from 'vitest';
import { page } from 'vitest/browser';
import { failOnComplaints, show } from '../../gallery/testing/show.tsx';
import { CheckFile } from './check-file.tsx';

failOnComplaints();

/** A file whose text comes when it is told to. */
function fileOf(name: string) {
  const file = new File([], name);
  let resolve: (text: string) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const text = new Promise<string>((done, failed) => {
    resolve = done;
    reject = failed;
  });
  file.text = () => text;
  return { file, resolve, reject };
}

function choose(file: File): void {
  const input = page.getByLabelText('File', { exact: true }).element() as HTMLInputElement;
  Object.defineProperty(input, 'files', { value: [file], configurable: true });
  input.dispatchEvent(new Event('change', { bubbles: true }));
}

const unreadable = page.getByText('This file could not be read');
const verdict = page.getByText('this is no receipt');

it('judges the file that was chosen last, whichever is read first', async () => {
  show(<CheckFile />);
  await expect.element(page.getByText('None is chosen')).toBeVisible();
  const [slow, quick] = [fileOf('slow.json'), fileOf('quick.json')];
  choose(slow.file);
  choose(quick.file);
  quick.resolve('{}');
  await expect.element(page.getByText('quick.json')).toBeVisible();
  await expect.element(verdict).toBeVisible();
  slow.reject(new Error('gone'));
  await expect.element(page.getByText('quick.json')).toBeVisible();
  await expect.element(unreadable).not.toBeInTheDocument();
});

it('says that a file cannot be read, and nothing of the one before', async () => {
  show(<CheckFile />);
  await expect.element(page.getByText('None is chosen')).toBeVisible();
  const [good, gone] = [fileOf('good.json'), fileOf('gone.json')];
  choose(good.file);
  good.resolve('{}');
  await expect.element(verdict).toBeVisible();
  choose(gone.file);
  await expect.element(verdict).not.toBeInTheDocument();
  await expect.element(page.getByText('good.json')).not.toBeInTheDocument();
  gone.reject(new Error('gone'));
  await expect.element(unreadable).toBeVisible();
  await expect.element(page.getByText('gone.json')).toBeVisible();
});
