"""What finance asks: money to the cent, cash flows, savings, what is left out, how sure it is."""
