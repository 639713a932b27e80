/** Drawn on a grid of 16; each state has a shape of its own, so that no colour has to be told apart. */
export const PATHS = {
  // states
  ring: <circle cx="8" cy="8" r="5.5" />,
  half: (
    <>
      <circle cx="8" cy="8" r="5.5" />
      <path d="M8 2.5a5.5 5.5 0 0 1 0 11z" className="fill" />
    </>
  ),
  disc: (
    <>
      <circle cx="8" cy="8" r="6" className="fill" />
      <path d="m5.2 8.2 2 2 3.6-4" className="cut" />
    </>
  ),
  bars: <path d="M5.5 3.5v9M10.5 3.5v9" className="thick" />,
  cross: <path d="m4 4 8 8m0-8-8 8" className="thick" />,
  slash: (
    <>
      <circle cx="8" cy="8" r="5.5" />
      <path d="m4.2 11.8 7.6-7.6" />
    </>
  ),
  diamond: <path d="m8 2.5 5.5 5.5L8 13.5 2.5 8z" />,
  square: <rect x="3.5" y="3.5" width="9" height="9" rx="1.5" />,
  clock: <path d="M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11ZM8 5v3.2l2.2 1.3" />,
  warning: <path d="M8 2.7 14 13H2zM8 6.6v3M8 11.2v.4" />,
  // menu
  overview: <path d="M2.5 8.5h4v5h-4zm7-6h4v11h-4zm-7 0h4v3h-4z" />,
  topic: <path d="M2.5 4h11M2.5 8h7M2.5 12h9" />,
  access: <path d="M8 2 13 4v4c0 3-2.2 5-5 6-2.8-1-5-3-5-6V4zM5.8 8l1.6 1.6 3-3.2" />,
  catalogue: <path d="M3 2.5h7a2.5 2.5 0 0 1 2.5 2.5v8.5H5.5A2.5 2.5 0 0 1 3 11zM5.5 6h4.5M5.5 8.5h3" />,
  subscription: <path d="M8 13.5v-5M4.5 6a3.6 3.6 0 0 1 7 0M2.3 6.5a5.8 5.8 0 0 1 11.4 0M6.5 13.5h3" />,
  message: <path d="M2.5 3.5h11v9h-11zM2.5 4l5.5 4.5L13.5 4" />,
  delivery: <path d="M2 8h9M8 4.5 11.5 8 8 11.5M14 3.5v9" />,
  dead: <path d="M3 3.5h10v6H3zM3 9.5 8 13l5-3.5M6 5.2l4 3m0-3-4 3" />,
  receipt: <path d="M4 2.5h8v11l-2-1.3-2 1.3-2-1.3-2 1.3zM6 5.5h4M6 8h4" />,
  audit: <path d="M5.5 6.5a2.5 2.5 0 1 0 0 3m5-3a2.5 2.5 0 1 1 0 3M5.5 8h5" />,
  tail: <path d="M1.5 8.5h3l2-5 3 9 2-4h3" />,
  developers: <path d="M5.5 4.5 2 8l3.5 3.5m5-7L14 8l-3.5 3.5" />,
  settings: <path d="M2.5 4.5h6m3 0h2m-11 7h2m3 0h6M8.5 3v3M4.5 10v3" />,
  partners: <path d="M2.5 13.5v-9l5-2v11m0-7h6v7M2 13.5h12M5 6.5v.1M5 9v.1m5.5.4v.1" />,
  queues: <path d="M2.5 3h11v3h-11zm0 3.5h11v3h-11zm0 3.5h11v3h-11z" />,
  // actions
  keyboard: <path d="M1.5 4h13v8h-13zM4 6.7h.1m2.6 0h.1m2.5 0h.1m2.6 0h.1M4 9.4h.1m1.9 0h4m1.9 0h.1" />,
  menu: <path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h11" />,
  close: <path d="m4 4 8 8m0-8-8 8" />,
  link: (
    <path d="M6.8 9.2a2.6 2.6 0 0 0 3.7 0l2-2a2.6 2.6 0 0 0-3.7-3.7l-.8.8M9.2 6.8a2.6 2.6 0 0 0-3.7 0l-2 2a2.6 2.6 0 0 0 3.7 3.7l.8-.8" />
  ),
  copy: <path d="M5.5 5.5h7v7h-7zM3.5 10.5v-7h7" />,
  check: <path d="m3.5 8.5 3 3 6-7" />,
  search: <path d="M7 2.8a4.2 4.2 0 1 0 0 8.4 4.2 4.2 0 0 0 0-8.4ZM10.2 10.2l3.3 3.3" />,
  refresh: <path d="M13 8a5 5 0 1 1-1.6-3.7M13 2.5v2.6h-2.6" />,
  plus: <path d="M8 3v10M3 8h10" />,
  next: <path d="m6 3.5 4.5 4.5L6 12.5" />,
  back: <path d="M10 3.5 5.5 8l4.5 4.5" />,
  sun: (
    <path d="M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6ZM8 1.5v1.3m0 10.4v1.3M1.5 8h1.3m10.4 0h1.3M3.4 3.4l.9.9m7.4 7.4.9.9m0-9.2-.9.9m-7.4 7.4-.9.9" />
  ),
  moon: <path d="M13 9.5A5.5 5.5 0 0 1 6.5 3 5.5 5.5 0 1 0 13 9.5Z" />,
  screen: <path d="M2 3h12v8H2zM6 13.5h4M8 11v2.5" />,
  person: (
    <path d="M8 2.5a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4ZM2.8 13.5c.6-2.6 2.6-4 5.2-4s4.6 1.4 5.2 4" />
  ),
  notice: (
    <path d="M8 2.2c-2.3 0-3.8 1.7-3.8 4v2.6L2.8 11h10.4l-1.4-2.2V6.2c0-2.3-1.5-4-3.8-4ZM6.6 13.2h2.8" />
  ),
  erase: <path d="M3 9.5 9.5 3l4 4-6.5 6.5H5zM6.2 6.3l4 4M5 13.5h8.5" />,
  calendar: <path d="M2.5 3.5h11v10h-11zM2.5 6.5h11M5.5 2v3m5-3v3" />,
  external: <path d="M6.5 3.5h-3v9h9v-3M9 3h4v4m0-4L7.5 8.5" />,
} as const;

export type IconName = keyof typeof PATHS;

/** Beside a word, never instead of one. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      {PATHS[name]}
    </svg>
  );
}
