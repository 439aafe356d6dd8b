"""Money that goes to households and back: monthly payments, price subsidies, new standards, deaths, recoveries."""
