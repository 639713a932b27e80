import { useState } from 'react';
import { expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { problemOf } from '../../gallery/facts.ts';
import { failOnComplaints, show } from '../../gallery/testing/show.tsx';
import type { ApiProblem } from '../api/api.ts';
import { Form } from './form.tsx';
import { TextField } from './text-field.tsx';

const REFUSED = problemOf('validation-failed', {
  errors: [{ path: 'name', message: 'must be at most 200 characters long' }],
});

type Props = { readonly onSubmit?: () => void; readonly disabledBecause?: string; readonly busy?: boolean };

function Refusing({ onSubmit, ...rest }: Props) {
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [name, setName] = useState('');
  function submit() {
    onSubmit?.();
    setProblem(REFUSED);
  }
  return (
    <Form submit="Save" busy={false} problem={problem} onSubmit={submit} {...rest}>
      <TextField name="name" label="Name" hint="What partners see." value={name} onChange={setName} />
      <TextField name="other" label="Other" value="" onChange={() => undefined} />
    </Form>
  );
}

function Required({ onSubmit }: { readonly onSubmit: () => void }) {
  const [name, setName] = useState('');
  return (
    <Form submit="Save" busy={false} problem={null} onSubmit={onSubmit}>
      <TextField name="name" label="Name" value={name} onChange={setName} required />
      <button type="button" onClick={() => setName('Loans')}>
        Suggest
      </button>
    </Form>
  );
}

failOnComplaints();

it('puts what the API says of a field at that field, and the whole of it above the button', async () => {
  show(<Refusing />);
  const field = page.getByLabelText('Name');
  await userEvent.type(field, 'Long{Enter}');
  await expect.element(field).toHaveAttribute('aria-invalid', 'true');
  await expect
    .element(field)
    .toHaveAccessibleDescription('What partners see. must be at most 200 characters long');
  await expect.element(page.getByLabelText('Other')).not.toHaveAttribute('aria-invalid');
  await expect.element(page.getByRole('alert').filter({ hasText: 'req-4f1c0a9be2d74c55a1f3' })).toBeVisible();
  await expect.element(field).toHaveValue('Long');
});

it('is not sent while something is missing, by no key either, and says what', async () => {
  const onSubmit = vi.fn();
  show(<Refusing onSubmit={onSubmit} disabledBecause="Choose a topic first" />);
  await userEvent.type(page.getByLabelText('Name'), 'x{Enter}');
  await page.getByRole('button', { name: 'Save' }).click({ force: true });
  expect(onSubmit).not.toHaveBeenCalled();
  await expect
    .element(page.getByRole('button', { name: 'Save' }))
    .toHaveAttribute('title', 'Choose a topic first');
  // Where nothing can be pointed at, it is said.
  await expect.element(page.getByRole('status')).toHaveTextContent('Choose a topic first');
  await expect.element(page.getByRole('button', { name: 'Save' })).toHaveFocus();
});

it('is not sent twice while the first is under way', async () => {
  const onSubmit = vi.fn();
  show(<Refusing onSubmit={onSubmit} busy />);
  await userEvent.type(page.getByLabelText('Name'), 'x{Enter}');
  expect(onSubmit).not.toHaveBeenCalled();
});

it('says of an empty field in the language of the page that it is, and of a filled one nothing', async () => {
  const onSubmit = vi.fn();
  show(<Required onSubmit={onSubmit} />, { look: { language: 'ru', theme: 'light' } });
  const field = page.getByLabelText('Name');
  await userEvent.click(page.getByRole('button', { name: 'Save' }));
  await expect.poll(() => field.element()).toHaveProperty('validationMessage', 'Заполните это поле');
  expect(onSubmit).not.toHaveBeenCalled();
  await userEvent.click(page.getByRole('button', { name: 'Suggest' }));
  await userEvent.click(page.getByRole('button', { name: 'Save' }));
  expect(onSubmit).toHaveBeenCalledOnce();
});
