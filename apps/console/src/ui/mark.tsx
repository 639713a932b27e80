/** The sign of the product. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <rect width="16" height="16" rx="3.5" fill="currentColor" />
      <path d="M4.2 11.8 8 3.8l3.8 8M5.7 9.2h4.6" className="mark-line" />
    </svg>
  );
}
