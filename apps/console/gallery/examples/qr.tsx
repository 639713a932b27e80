import { Qr } from '../../src/ui/qr.tsx';

export const Short = () => <Qr label="Code for your app" value="otpauth://totp/ANIKA" />;
export const Long = () => (
  <Qr label="Long code for your app" value={`otpauth://totp/${'olga@bank.example'.repeat(12)}`} />
);
