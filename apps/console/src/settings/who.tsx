/** A person by the name, if there is one, and the address. */
export function Who({ name, email }: { readonly name: string | null; readonly email: string }) {
  return (
    <span>
      {name ?? email}
      {name !== null && <span className="under">{email}</span>}
    </span>
  );
}
