export const session = {
  'session.title': 'Sign in',
  'session.lead': 'With the email and password of your account.',
  'session.email': 'Email',
  'session.password': 'Password',
  'session.signIn': 'Sign in',
  'session.wrong': 'The email or the password is wrong.',
  'session.note':
    'ANIKA passes events between companies: what a company grants, and nothing more. No account yet? Your administrator invites you.',
  'session.ended': 'The session has ended',
  'session.endedHint': 'Sign in again: what you have entered is still here.',
  'invitation.title': 'Accept the invitation',
  'invitation.lead': 'Choose how you are called here, and a password.',
  'invitation.name': 'Your name',
  'invitation.passwordHint':
    'At least 10 characters, not easy to guess, without the name of your email address.',
  'invitation.accept': 'Accept',
  'invitation.done': 'Done. Sign in with your password.',
  'invitation.over':
    'This invitation is not valid any more: it was used, withdrawn or is older than seven days. Ask for a new one.',
  'invitation.state.open': 'open',
  'invitation.state.accepted': 'accepted',
  'invitation.state.withdrawn': 'withdrawn',
  'invitation.state.expired': 'expired',
  'invite.create': 'Invite',
  'invite.company': 'Company',
  'invite.handover': 'Hand this link over to {email}. It works once, for seven days, and is shown only now.',
} as const;
