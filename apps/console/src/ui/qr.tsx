import encodeQR from 'qr';

type Props = { readonly value: string; readonly label: string };

/** Drawn here: what it holds goes to nobody. Dark on light in every theme, with the margin that readers need. */
export function Qr({ value, label }: Props) {
  const rows = encodeQR(value, 'raw', { border: 4 });
  const dark = rows.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return (
    <svg className="qr" role="img" aria-label={label} viewBox={`0 0 ${rows.length} ${rows.length}`}>
      <rect className="qr-light" width={rows.length} height={rows.length} />
      <path className="qr-dark" d={dark.join('')} />
    </svg>
  );
}
