"""What happened: record, subscribe, receipts, projections, seal, proof. The door is `guyub.kernel.ledger.api`."""
