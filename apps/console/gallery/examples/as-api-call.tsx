import { publishMessage } from '@anika/contracts/publish';
import { AsApiCall } from '../../src/api/as-api-call.tsx';
import { apiCall } from '../../src/api/snippets.ts';
import { HOSTILE, TOPIC } from '../facts.ts';

export const Closed = () => (
  <AsApiCall
    call={apiCall(publishMessage, {
      params: { id: TOPIC.id },
      body: { type: 'car.selected', data: HOSTILE },
    })}
  />
);
