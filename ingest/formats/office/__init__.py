"""What office formats share: lines, pictures, drawings, diagrams, charts, formulas."""
