"""What messengers call when somebody writes to the city."""
